"""What of the programme runs at a moment, and what comes next."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from workshops.clocks import Face
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry


@dataclass(frozen=True, slots=True)
class Running:
    """A programme item with a beginning and an end, or a whole day that has no agenda yet (`session` None)."""

    workshop: WorkshopEntry
    day: DayEntry
    session: SessionEntry | None
    start: dt.datetime
    end: dt.datetime

    @property
    def faces(self) -> tuple[Face, ...]:
        return self.day.faces if self.session is None else self.session.faces


@dataclass(frozen=True, slots=True)
class NowAndNext:
    """`now` runs, `next` comes next (one item for each event of that date), `later` is all that follows.

    `is_open`: there are dates whose time is not known yet.
    """

    now: tuple[Running, ...]
    next: tuple[Running, ...]
    later: tuple[Running, ...]
    is_open: bool


def timeline(*, programme: Programme) -> tuple[Running, ...]:
    """Everything that has a time, in order of time; of an item with parts, its parts."""
    found = (
        item for workshop in programme.workshops for day in workshop.days for item in _of_day(workshop, day)
    )
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))


def _of_day(workshop: WorkshopEntry, day: DayEntry) -> Iterator[Running]:
    timed = [item for session in day.sessions for item in _of_session(workshop, day, session)]
    if timed:
        yield from timed
    elif day.start is not None and day.end is not None:
        yield Running(workshop, day, None, day.start, day.end)


def _of_session(workshop: WorkshopEntry, day: DayEntry, session: SessionEntry) -> list[Running]:
    parts = [item for part in session.parts for item in _of_session(workshop, day, part)]
    end = session.end or day.end
    if parts or session.start is None or end is None or end <= session.start:
        return parts
    return [Running(workshop, day, session, session.start, end)]


def turns(*, programme: Programme, at: dt.datetime) -> int:
    """How often the answer has changed until `at`: between two turns it is the same for everybody."""
    return bisect.bisect_right(_moments(programme), at)


def next_turn(*, programme: Programme, at: dt.datetime) -> dt.datetime | None:
    """When it changes next; None where all is over."""
    return next((moment for moment in _moments(programme) if moment > at), None)


def _moments(programme: Programme) -> list[dt.datetime]:
    return sorted({moment for item in timeline(programme=programme) for moment in (item.start, item.end)})


def now_and_next(*, programme: Programme, at: dt.datetime) -> NowAndNext:
    items = timeline(programme=programme)
    coming = [item for item in items if item.start > at]
    following = _next(coming)
    return NowAndNext(
        now=tuple(item for item in items if item.start <= at < item.end),
        next=following,
        later=tuple(item for item in coming if item not in following),
        is_open=any(day.start is None for workshop in programme.workshops for day in workshop.days),
    )


def _next(coming: list[Running]) -> tuple[Running, ...]:
    """The first item of each event on the date on which it goes on."""
    first: dict[int, Running] = {}
    for item in coming:
        if item.day.date == coming[0].day.date:
            first.setdefault(item.day.id, item)
    return tuple(first.values())
