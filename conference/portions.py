"""Reads rows of any number a few hundred at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
AT_ONCE = 500


def in_portions(rows: QuerySet[Row], *, size: int = 0) -> Iterator[list[Row]]:
    """`rows` in their order, `size` of them at a time (AT_ONCE where it is 0).

    Kept in memory are their keys and one portion. What is deleted meanwhile is left out.

    Not `iterator()`: its cursor lives on in the server's session, which a connection pooler in transaction mode gives
    to somebody else, and without such a cursor the driver fetches all rows at once.
    """
    yield from portions_of(rows, list(rows.values_list("pk", flat=True)), size=size)


def portions_of(rows: QuerySet[Row], keys: Sequence[Any], *, size: int = 0) -> Iterator[list[Row]]:
    """Those of `rows` with these `keys`, in the keys' order."""
    size = size or AT_ONCE
    for start in range(0, len(keys), size):
        portion = keys[start : start + size]
        found = rows.order_by().in_bulk(portion)
        yield [found[key] for key in portion if key in found]
