"""Two clocks, side by side: wall-clock time in the home zone becomes an instant, an instant becomes both clocks' faces.

`zoneinfo` does the arithmetic for the date at hand; the difference of the clocks is never a constant
(Germany changes its clocks, Türkiye has not since 2016). Labels such as "TRT" are the conference's own words:
no time zone database knows them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WallClockError(ValueError):
    """A wall-clock time that names no instant, or two; `message` is for people, in their language."""

    def __init__(self, message: Promise) -> None:
        super().__init__(message)
        self.message = message


def instant(*, date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The instant (aware, UTC) at which the clocks of `zone` (IANA name) show `time` on `date`.

    Raises WallClockError where the clocks skip that time or show it twice (RFC 5545, section 3.3.5,
    leaves such times to the reader's guess; an agenda must not).
    """
    local = dt.datetime.combine(date, time.replace(tzinfo=None), tzinfo=ZoneInfo(zone))
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise WallClockError(
            _("This time does not exist on that date: the clocks are put forward that night.")
        )
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise WallClockError(_("This time exists twice on that date: the clocks are put back that night."))
    return moment


@dataclass(frozen=True, slots=True)
class Zone:
    """One of the conference's two clocks: an IANA zone, the hosts' label for it and what the label means."""

    name: str
    label: str
    meaning: dict[str, str]


@dataclass(frozen=True, slots=True)
class Face:
    """What one clock shows for an item. `day_offset` counts days after the home date (-1, 0 or 1)."""

    zone: str
    label: str
    date: dt.date
    start: dt.time
    end: dt.time | None
    day_offset: int
    end_day_offset: int

    @property
    def start_text(self) -> str:
        return f"{self.start:%H:%M}"

    @property
    def end_text(self) -> str:
        return "" if self.end is None else f"{self.end:%H:%M}"


def faces(
    *, start: dt.datetime | None, end: dt.datetime | None, zones: tuple[Zone, ...], home_date: dt.date
) -> tuple[Face, ...]:
    """One Face a zone, in the zones' order; empty while the start is to be announced."""
    if start is None:
        return ()
    return tuple(_face(start, end, zone, home_date) for zone in zones)


def _face(start: dt.datetime, end: dt.datetime | None, zone: Zone, home_date: dt.date) -> Face:
    local_start = start.astimezone(ZoneInfo(zone.name))
    local_end = end.astimezone(ZoneInfo(zone.name)) if end else None
    return Face(
        zone=zone.name,
        label=zone.label,
        date=local_start.date(),
        start=local_start.time(),
        end=local_end.time() if local_end else None,
        day_offset=(local_start.date() - home_date).days,
        end_day_offset=(local_end.date() - home_date).days if local_end else 0,
    )


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a clock's label means on one date, e.g. CET on 15 June: German time, +2 hours, summer time."""

    label: str
    meaning: dict[str, str]
    utc_offset: dt.timedelta
    is_summer_time: bool
    has_summer_time: bool

    @property
    def utc_offset_text(self) -> str:
        """As written in both languages: "UTC+2", "UTC+5:30", "UTC−3" (with a real minus sign)."""
        minutes = int(self.utc_offset.total_seconds() // 60)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def legend(*, zones: tuple[Zone, ...], moment: dt.datetime) -> tuple[LegendEntry, ...]:
    """The meaning of each label at one instant (aware)."""
    return tuple(_legend_entry(zone, moment.astimezone(ZoneInfo(zone.name))) for zone in zones)


def _legend_entry(zone: Zone, local: dt.datetime) -> LegendEntry:
    return LegendEntry(
        label=zone.label,
        meaning=zone.meaning,
        utc_offset=local.utcoffset() or dt.timedelta(),
        is_summer_time=bool(local.dst()),
        has_summer_time=any(dt.datetime(local.year, month, 1, tzinfo=local.tzinfo).dst() for month in (1, 7)),
    )


def noon(*, date: dt.date, zone: str) -> dt.datetime:
    """Midday of a date in a zone: the moment for which a legend of the whole day is true."""
    return dt.datetime.combine(date, dt.time(12), tzinfo=ZoneInfo(zone))
