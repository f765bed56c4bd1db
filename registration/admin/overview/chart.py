"""A chart as numbers for the template: bars in the units of the drawing, without a script or a style."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from registration.admin.overview.numbers import Number, list_url
from registration.admin.overview.reach import Reach
from registration.domain.figures.arrivals import Bucket
from workshops.models import Workshop

WIDTH, HEIGHT = 1000, 200
_GAP = 20
_ALL = Reach()


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    bucket: Bucket
    begins: dt.datetime
    number: Number


@dataclass(frozen=True, slots=True)
class Chart:
    """`most`: the highest bar; `by_weeks`: each bar is a week."""

    bars: tuple[Bar, ...]
    total: int
    most: int
    by_weeks: bool

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.number.value)


def chart_of(workshop: Workshop, buckets: Sequence[Bucket], reach: Reach = _ALL) -> Chart | None:
    """None while nobody has registered."""
    if not buckets:
        return None
    most = max(bucket.count for bucket in buckets)
    step = WIDTH / len(buckets)
    gap = step * _GAP / 100
    bars = tuple(
        _bar(workshop, bucket, round(index * step + gap / 2), max(1, round(step - gap)), most, reach)
        for index, bucket in enumerate(buckets)
    )
    total = sum(bucket.count for bucket in buckets)
    return Chart(bars, total, most, buckets[0].first != buckets[0].last)


def _bar(  # noqa: PLR0913, PLR0917 (what a bar is drawn from)
    workshop: Workshop, bucket: Bucket, x: int, width: int, most: int, reach: Reach
) -> Bar:
    height = -(-bucket.count * HEIGHT // most)
    zone = ZoneInfo(workshop.conference.home_zone)
    begins = dt.datetime.combine(bucket.first, dt.time.min, tzinfo=zone)
    ends = dt.datetime.combine(bucket.last + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
    url = list_url(
        "registration",
        workshop__id__exact=workshop.pk,
        created_at__gte=begins.isoformat(),
        created_at__lt=ends.isoformat(),
    )
    number = Number(bucket.count, url if reach.registrations else "")
    return Bar(x, HEIGHT - height, width, height, bucket, begins, number)
