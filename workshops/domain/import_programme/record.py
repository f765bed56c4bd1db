"""What rows were like before and after, kept as JSON so that an import can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Field, Model
from modeltranslation.translator import NotRegistered, translator

from workshops.models import (
    Appearance,
    Conference,
    Membership,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
    WorkshopHost,
)

# Each after what it refers to.
MODELS: tuple[type[Model], ...] = (
    Conference,
    Platform,
    Organisation,
    Speaker,
    Workshop,
    WorkshopHost,
    WorkshopDay,
    Session,
    Appearance,
    Membership,
)
MODEL_OF = {str(model._meta.model_name): model for model in MODELS}
Values = dict[str, Any]


class Record:
    """The rows one import touches, in the order in which it first touches them."""

    def __init__(self) -> None:
        self.before: dict[tuple[str, int], Values | None] = {}

    def added(self, row: Model) -> None:
        self.before.setdefault(_key(row), None)

    def touches(self, row: Model) -> None:
        """To be called before the row is saved, or deleted."""
        if _key(row) not in self.before:
            now = type(row)._default_manager.filter(pk=row.pk).first()
            self.before[_key(row)] = values_of(now) if now is not None else None

    def as_json(self) -> list[dict[str, Any]]:
        """With what the rows are like now; a row that came and went again is left out."""
        now = {name: self._now(name) for name in {name for name, _pk in self.before}}
        entries = [
            {"model": name, "pk": pk, "before": before, "after": now[name].get(pk)}
            for (name, pk), before in self.before.items()
        ]
        return [entry for entry in entries if entry["before"] != entry["after"]]

    def _now(self, name: str) -> dict[int, Values]:
        keys = [pk for other, pk in self.before if other == name]
        return {row.pk: values_of(row) for row in MODEL_OF[name]._default_manager.filter(pk__in=keys)}


def _key(row: Model) -> tuple[str, int]:
    return str(row._meta.model_name), int(row.pk)


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns to keep: not the key, not what follows from others, not what single statements count."""
    without = {"id", *getattr(model, "COUNTERS", ()), *_translated(model)}
    return [column for column in model._meta.concrete_fields if column.name not in without]


def _translated(model: type[Model]) -> Sequence[str]:
    """ "title" is one of "title_de", "title_tr", "title_en", in the reader's language."""
    try:
        return tuple(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return ()


def values_of(row: Model) -> Values:
    return {column.attname: _plain(column, row) for column in columns(type(row))}


def _plain(column: Field[Any, Any], row: Model) -> Any:
    value = column.get_prep_value(column.value_from_object(row))
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def set_values(row: Model, values: Values) -> None:
    by_name = {column.attname: column for column in columns(type(row))}
    for name, value in values.items():
        setattr(row, name, by_name[name].to_python(value) if value is not None else None)
