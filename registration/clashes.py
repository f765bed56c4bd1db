"""Workshops at the same time: shown to whoever chooses both; nobody is kept from it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from registration.offers import Offer
from workshops.clocks import Face, Zone, faces
from workshops.domain.programme import DayEntry, WorkshopEntry


@dataclass(frozen=True, slots=True)
class Clash:
    """Another workshop, and from when until when both take place, on both clocks."""

    other: WorkshopEntry
    date: dt.date
    faces: tuple[Face, ...]


def clashes_between(offers: Iterable[Offer]) -> dict[str, tuple[Clash, ...]]:
    """By the workshop's slug, as released, and still ahead; what has no time yet overlaps with nothing."""
    now = timezone.now()
    found: dict[str, list[Clash]] = defaultdict(list)
    for one, two in itertools.combinations(offers, 2):
        for day, other in itertools.product(one.entry.days, two.entry.days):
            if (both := _both(day, other, one.zones, now)) is not None:
                found[one.slug].append(Clash(two.entry, day.date, both))
                found[two.slug].append(Clash(one.entry, day.date, both))
    return {slug: tuple(clashes) for slug, clashes in found.items()}


def _both(one: DayEntry, two: DayEntry, zones: tuple[Zone, ...], now: dt.datetime) -> tuple[Face, ...] | None:
    """The time for which two days run at once, if they do: one that begins as the other ends does not."""
    if one.start is None or one.end is None or two.start is None or two.end is None:
        return None
    start, end = max(one.start, two.start), min(one.end, two.end)
    if end <= max(start, now):
        return None
    return faces(start=start, end=end, zones=zones, home_date=one.date)
