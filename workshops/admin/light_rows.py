"""What a list need not read of the rows beside its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import JSONField, Model, QuerySet, TextField


def without_long_texts_of_others(rows: QuerySet[Any]) -> QuerySet[Any]:
    """A hundred registrations would bring the texts of their conference a hundred times; a list shows none of them."""
    joined = rows.query.select_related
    return rows.defer(*_long_texts(rows.model, joined)) if isinstance(joined, dict) else rows


def _long_texts(model: type[Model], joined: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, further in joined.items():
        other: Any = model._meta.get_field(name).related_model
        for field in other._meta.concrete_fields:
            if isinstance(field, TextField | JSONField):
                yield f"{path}{name}__{field.name}"
        yield from _long_texts(other, further, f"{path}{name}__")
