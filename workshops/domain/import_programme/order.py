from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from workshops.domain.import_programme.record import Record
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.models import Session


def put_in_order(
    *, wanted: WantedProgramme, reordered: Collection[Wanted], new: Collection[int], record: Record
) -> None:
    """Gives the sessions of each agenda their places: those `new` in it (by key) behind the ones they follow in the
    draft, and all in the draft's order where that was picked. What the draft does not know stays where it was.
    """
    for workshop in wanted.workshops:
        for item in workshop.walk():
            below = {child.row.pk for child in item.below if child.row is not None}
            if item.row is not None and (item in reordered or not below.isdisjoint(new)):
                _order(item, new, is_reordered=item in reordered, record=record)


def _order(item: Wanted, new: Collection[int], *, is_reordered: bool, record: Record) -> None:
    by_pk = {row.pk: row for row in _lying_in(item)}
    drafted = [child.row.pk for child in item.below if child.row is not None and child.row.pk in by_pk]
    placed = [pk for pk in by_pk if pk not in new]
    order = _as_drafted(placed, drafted) if is_reordered else placed
    for index, pk in enumerate(drafted):
        if pk not in order:
            _put_in(order, pk, drafted[:index])
    _number([by_pk[pk] for pk in order], record)


def _lying_in(item: Wanted) -> Sequence[Session]:
    assert item.row is not None  # noqa: S101 (asked by the caller)
    if item.what == "day":
        sessions = Session.objects.filter(day_id=item.row.pk, parent=None)
    else:
        sessions = Session.objects.filter(parent_id=item.row.pk)
    return list(sessions.order_by("position", "pk"))


def _as_drafted(order: list[int], drafted: list[int]) -> list[int]:
    """The drafted ones in the draft's order, in the places that drafted ones had."""
    there = iter([pk for pk in drafted if pk in order])
    return [next(there) if pk in drafted else pk for pk in order]


def _put_in(order: list[int], pk: int, before: Sequence[int]) -> None:
    """Behind the nearest one that precedes it in the draft, or at the beginning."""
    place = next((order.index(other) + 1 for other in reversed(before) if other in order), 0)
    order.insert(place, pk)


def _number(sessions: Sequence[Session], record: Record) -> None:
    """Only where the places do not already say so."""
    places = [session.position for session in sessions]
    if all(a < b for a, b in itertools.pairwise(places)):
        return
    for position, session in enumerate(sessions, 1):
        if session.position != position:
            record.touches(session)
            session.position = position
            session.save()
