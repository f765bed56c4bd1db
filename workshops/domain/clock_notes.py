"""What a guest must know of the clocks on one date: one of them changes, or they are not as far apart as before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from workshops.clocks import Zone, noon
from workshops.languages import Text

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """On this date one clock is put forward (or back, `minutes` negative)."""

    label: str
    meaning: Text
    minutes: int

    @property
    def is_forward(self) -> bool:
        return self.minutes > 0

    @property
    def by(self) -> int:
        return abs(self.minutes)


@dataclass(frozen=True, slots=True)
class ClockNotes:
    """`apart` and `before` are minutes between the two clocks, where they are not what they were until then."""

    changes: tuple[ClockChange, ...] = ()
    apart: int | None = None
    before: int | None = None

    def __bool__(self) -> bool:
        return bool(self.changes) or self.apart is not None


def clock_notes(*, date: dt.date, zones: tuple[Zone, ...], previous: dt.date | None) -> ClockNotes:
    """`previous` is the date shown before this one: whoever has read that one is told what has changed since.

    Without one, the day before on the calendar stands in.
    """
    home, partner = zones[:2]
    changes = (_change(date, zone) for zone in (home, partner))
    now, before = (_minutes_apart(day, home, partner) for day in (date, previous or date - _DAY))
    differs = now != before
    return ClockNotes(
        changes=tuple(change for change in changes if change.minutes),
        apart=abs(now) if differs else None,
        before=abs(before) if differs else None,
    )


def _change(date: dt.date, zone: Zone) -> ClockChange:
    midnights = [
        dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone.name)) for day in (date, date + _DAY)
    ]
    first, last = (midnight.utcoffset() or dt.timedelta() for midnight in midnights)
    return ClockChange(zone.label, zone.meaning, int((last - first).total_seconds() // 60))


def _minutes_apart(date: dt.date, home: Zone, partner: Zone) -> int:
    moment = noon(date=date, zone=home.name)
    there = moment.astimezone(ZoneInfo(partner.name)).utcoffset() or dt.timedelta()
    return int((there - (moment.utcoffset() or dt.timedelta())).total_seconds() // 60)
