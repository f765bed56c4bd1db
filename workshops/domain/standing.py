"""What the public may know at this moment about registering: the facts that change without a release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from workshops.domain.registration_window import Window, end_of_day, window_at
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one workshop. `is_full` means its places for active participants; listeners are another matter."""

    admission: str
    confirmation: str
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    window: Window
    is_full: bool
    is_over: bool
    # When the clock alone changes any of this; None where it never will.
    changes_at: dt.datetime | None


def standings(*, at: dt.datetime) -> dict[str, Standing]:
    """Of every workshop of the conference on the site, by slug, in one query."""
    rows = (
        Workshop.objects.filter(conference__is_current=True)
        .annotate(last_day=Max("days__date"))
        .order_by("position", "pk")
        .values_list(
            "slug",
            "admission",
            "confirmation",
            "registration_opens_at",
            "registration_closes_at",
            "capacity_active",
            "taken_active",
            "last_day",
            "conference__home_zone",
        )
    )
    found = {}
    for slug, admission, confirmation, opens, closes, capacity, taken, last_day, zone in rows:
        ends = end_of_day(last_day, zone)
        found[slug] = Standing(
            admission=admission,
            confirmation=confirmation,
            opens_at=opens,
            closes_at=closes,
            window=window_at(opens=opens, closes=closes or ends, at=at),
            is_full=capacity is not None and taken >= capacity,
            is_over=ends is not None and at >= ends,
            changes_at=min(
                (moment for moment in (opens, closes, ends) if moment and moment > at), default=None
            ),
        )
    return found


def next_change(standings: Iterable[Standing | None]) -> dt.datetime | None:
    """When the clock alone changes the first of them."""
    return min((one.changes_at for one in standings if one and one.changes_at), default=None)
