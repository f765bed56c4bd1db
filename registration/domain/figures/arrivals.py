from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from registration.models import Registration
from workshops.models import Workshop

_MOST_DAYS = 42
_WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A day, or a week that begins on a Monday, of the home clock; `last` is its last date."""

    first: dt.date
    last: dt.date
    count: int


def count_arrivals(*, workshop: Workshop) -> list[Bucket]:
    """How many registered when, also those who cancelled since; days without anybody are there, too.

    By weeks, where it would be more than six of them. Up to today, or to the last one where that is later.
    """
    zone = ZoneInfo(workshop.conference.home_zone)
    rows = (
        Registration.objects.filter(workshop=workshop)
        .order_by()
        .values_list(TruncDate("created_at", tzinfo=zone))
        .annotate(count=Count("pk"))
    )
    found: dict[dt.date, int] = dict(rows)
    if not found:
        return []
    first, last = min(found), max(*found, timezone.now().astimezone(zone).date())
    if (last - first).days < _MOST_DAYS:
        return _buckets(found, first, last, _DAY)
    return _buckets(found, first - dt.timedelta(days=first.weekday()), last, _WEEK)


def _buckets(found: dict[dt.date, int], first: dt.date, last: dt.date, step: dt.timedelta) -> list[Bucket]:
    buckets = []
    while first <= last:
        dates = [first + dt.timedelta(days=day) for day in range(step.days)]
        buckets.append(Bucket(first, dates[-1], sum(found.get(date, 0) for date in dates)))
        first += step
    return buckets
