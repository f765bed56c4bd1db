"""The people of a list, by name, without ever being in memory all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import QuerySet

from conference.portions import portions_of
from registration.domain.documents.content import Cell
from registration.models import Registration
from workshops.names import name_key


class People:
    """Registrations by name, as both countries would look for it; kept are their keys alone.

    Whoever goes away meanwhile is left out.
    """

    def __init__(self, rows: QuerySet[Registration]) -> None:
        self.rows = rows
        named = rows.order_by().values_list("pk", "participant__last_name", "participant__first_name")
        order = sorted((name_key(f"{last} {first}"), pk) for pk, last, first in named)
        self.keys = [pk for _name, pk in order]

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Registration]:
        for portion in portions_of(self.rows.select_related("participant"), self.keys):
            yield from portion


class Rows:
    """The rows of a table about people, made anew each time somebody reads them."""

    def __init__(
        self, people: People, make: Callable[[Iterable[Registration]], Iterator[list[Cell]]]
    ) -> None:
        self.people, self.make = people, make

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return self.make(self.people)
