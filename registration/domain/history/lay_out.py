"""A day's agenda as it stood at some time: when each session began, from order and durations.

The same reckoning as for the programme of today (workshops/domain/build_programme.py), for rows that may be gone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workshops.clocks import WallClockError, instant


@dataclass(frozen=True, slots=True)
class Item:
    """A session: its day, what it is part of, its place in the order and its own duration in minutes."""

    pk: int
    day: int
    parent: int | None = None
    position: int = 0
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """`opens` is the home clock's; None while to be announced."""

    date: dt.date
    opens: dt.time | None = None
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """One day laid out. `starts` of sessions without a fixed time are None; `minutes` counts parts, too."""

    day: Day
    starts: Mapping[int, dt.datetime | None] = field(default_factory=dict)
    minutes: Mapping[int, int | None] = field(default_factory=dict)
    # Of each session those that come before it: its elder siblings, and those of what it is part of.
    earlier: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    @property
    def key(self) -> int:
        return self.day.pk


def lay_out(*, day: Day, items: Iterable[Item], zone: str) -> Agenda:
    """`zone` is the home clock's (IANA). A time that names no instant leaves every start open."""
    layout = _Layout(items)
    layout.lay(None, _opening(day, zone), ())
    return Agenda(day, layout.starts, layout.minutes, layout.earlier)


def _opening(day: Day, zone: str) -> dt.datetime | None:
    if day.opens is None:
        return None
    try:
        return instant(date=day.date, time=day.opens, zone=zone)
    except WallClockError:
        return None


class _Layout:
    def __init__(self, items: Iterable[Item]) -> None:
        self.children: dict[int | None, list[Item]] = defaultdict(list)
        self.starts: dict[int, dt.datetime | None] = {}
        self.minutes: dict[int, int | None] = {}
        self.earlier: dict[int, tuple[int, ...]] = {}
        for item in sorted(items, key=lambda item: (item.position, item.pk)):
            self.children[item.parent].append(item)

    def lay(self, parent: int | None, start: dt.datetime | None, earlier: tuple[int, ...]) -> None:
        for item in self.children[parent]:
            minutes = self.lasting(item)
            self.starts[item.pk], self.minutes[item.pk], self.earlier[item.pk] = start, minutes, earlier
            self.lay(item.pk, start, earlier)
            start = start + dt.timedelta(minutes=minutes) if start and minutes else None
            earlier = (*earlier, item.pk)

    def lasting(self, item: Item) -> int | None:
        if item.minutes is not None:
            return item.minutes
        parts = [self.lasting(part) for part in self.children[item.pk]]
        known = [minutes for minutes in parts if minutes is not None]
        return sum(known) if parts and len(known) == len(parts) else None
