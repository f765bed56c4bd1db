"""Deadlines in working hours: they pass only while offices are open in both countries.

Offices are taken to be open from Monday to Friday, 09:00 to 17:00 on their own clock, but on no public holiday of
their country (nationwide ones; a day on which offices close at noon counts as one). `zoneinfo` reckons, so the common
hours are seven a day in summer and six in winter for Berlin and Istanbul.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytz

_OPENS, _CLOSES = dt.time(9), dt.time(17)
_SATURDAY = 5
_DAY = dt.timedelta(days=1)
# 200 hours, the most an organiser can set, need less than 50 working days; no run of holidays is as long as this.
_FURTHEST = 400
_Span = tuple[dt.datetime, dt.datetime]


def deadline(
    *, start: dt.datetime, hours: int, zones: Sequence[str], closes_at: dt.datetime | None
) -> dt.datetime:
    """The moment (aware, UTC, a whole minute) at which `hours` working hours have passed since `start` (aware).

    `zones` are IANA names, the home zone first. Never later than `closes_at`, which may also lie before `start`.
    """
    left = dt.timedelta(hours=hours)
    reached = _whole_minute(start)
    closes_at = closes_at and closes_at.astimezone(dt.UTC)
    for opens, closes in _open_spans(reached, tuple(zones)):
        if closes_at is not None and opens >= closes_at:
            break
        reached = max(reached, opens)
        if closes - reached >= left:
            return _earlier(reached + left, closes_at)
        left -= closes - reached
        reached = closes
    return reached if closes_at is None else closes_at


def _earlier(moment: dt.datetime, limit: dt.datetime | None) -> dt.datetime:
    return moment if limit is None else min(moment, limit)


def _whole_minute(moment: dt.datetime) -> dt.datetime:
    """Rounded up: pages and mails show minutes, and nobody's time is shorter than they read."""
    moment = moment.astimezone(dt.UTC)
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + dt.timedelta(minutes=1)


def _open_spans(start: dt.datetime, zones: tuple[str, ...]) -> Iterator[_Span]:
    """From `start` on, when all offices are open at once; where they never are, when those at home are."""
    first = start.astimezone(ZoneInfo(zones[0])).date()
    for ahead in range(_FURTHEST):
        date = first + ahead * _DAY
        span = _common(date, zones, working_days_only=True)
        if span is None and _common(date, zones, working_days_only=False) is None:
            span = _office_hours(date, zones[0]) if _all_work(date, zones) else None
        if span is not None and span[1] > start:
            yield span


def _common(date: dt.date, zones: tuple[str, ...], *, working_days_only: bool) -> _Span | None:
    """The hours of the home date at which the other office is open, too, be it on the date before or after."""
    if working_days_only and not _is_working_day(date, zones[0]):
        return None
    span: _Span | None = _office_hours(date, zones[0])
    for zone in zones[1:]:
        dates = [
            near
            for near in (date - _DAY, date, date + _DAY)
            if not working_days_only or _is_working_day(near, zone)
        ]
        overlaps = [_overlap(span, _office_hours(near, zone)) for near in dates] if span else []
        span = next((overlap for overlap in overlaps if overlap), None)
    return span


def _overlap(one: _Span, other: _Span) -> _Span | None:
    opens, closes = max(one[0], other[0]), min(one[1], other[1])
    return (opens, closes) if opens < closes else None


def _office_hours(date: dt.date, zone: str) -> _Span:
    return _moment(date, _OPENS, zone), _moment(date, _CLOSES, zone)


def _moment(date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    return dt.datetime.combine(date, time, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def _all_work(date: dt.date, zones: tuple[str, ...]) -> bool:
    return all(_is_working_day(date, zone) for zone in zones)


def _is_working_day(date: dt.date, zone: str) -> bool:
    return date.weekday() < _SATURDAY and date not in _public_holidays(_country_of(zone), date.year)


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """None for a country the library does not know: its working days are then Monday to Friday."""
    import holidays  # noqa: PLC0415 (slow to import, and needed only when a place is offered)

    try:
        categories = holidays.country_holidays(country).supported_categories
        known = {"public", "half_day"} & set(categories)
        return frozenset(holidays.country_holidays(country, years=year, categories=known))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=32)
def _country_of(zone: str) -> str:
    """The country (ISO 3166) whose zone it is; empty for an alias such as "Turkey", which belongs to none."""
    return next((code for code, zones in pytz.country_timezones.items() if zone in zones), "")
