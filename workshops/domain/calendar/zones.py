"""Time zones as RFC 5545, section 3.6.5 wants them: when the clocks of a zone change, and by how much."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY, _SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


@functools.lru_cache(maxsize=16)
def timezone_of(*, name: str, first_year: int, last_year: int) -> Timezone:
    """The zone with every change of its clocks in these years.

    Not icalendar's own: in 7.3 it lets summer time begin an hour late, because it writes that moment in the new time
    instead of the former one.
    """
    zone = ZoneInfo(name)
    start = dt.datetime(first_year, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    end = dt.datetime(last_year + 1, 1, 1, tzinfo=zone).astimezone(dt.UTC)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(_observance(start, start, zone))
    for moment in _changes(start, end, zone):
        component.add_component(_observance(moment, moment - _SECOND, zone))
    return component


def _observance(
    moment: dt.datetime, before: dt.datetime, zone: ZoneInfo
) -> TimezoneDaylight | TimezoneStandard:
    """What holds from `moment` on, told in the time that held `before`."""
    local = moment.astimezone(zone)
    former = before.astimezone(zone).utcoffset() or dt.timedelta()
    component = TimezoneDaylight() if local.dst() else TimezoneStandard()
    component.add("dtstart", (moment + former).replace(tzinfo=None))
    component.add("tzoffsetfrom", former)
    component.add("tzoffsetto", local.utcoffset())
    component.add("tzname", local.tzname())
    return component


def _changes(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """The instants at which the difference from UTC becomes another one."""
    day = start
    while day < end:
        following = min(day + _DAY, end)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _between(day, following, zone)
        day = following


def _between(before: dt.datetime, after: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first second of what holds `after`."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + dt.timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
