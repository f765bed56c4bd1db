"""Places in a kept statement that are filled when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.expressions import Expression


class Slot(Expression):
    """Stands for a value that is known only when the statement runs; never None, and never a list."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, *_args: Any, **_kwargs: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


def key(name: str) -> Slot:
    """For the key of a row."""
    return Slot(name, models.BigIntegerField())


def moment(name: str) -> Slot:
    return Slot(name, models.DateTimeField())


def text(name: str) -> Slot:
    return Slot(name, models.TextField())


class Slots:
    """For up to `most` values of one kind, as `IN` takes them; none of them is None."""

    def __init__(self, name: str, output_field: models.Field[Any, Any], *, most: int) -> None:
        self.most = most
        self._names = [f"{name}_{number}" for number in range(most)]
        self.places: list[Any] = [Slot(name, output_field) for name in self._names]

    def filled(self, values: Sequence[Any]) -> dict[str, Any]:
        """With the first one once more in each place that is left."""
        return dict(zip(self._names, [*values, *[values[0]] * (self.most - len(values))], strict=True))
