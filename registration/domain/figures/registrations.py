from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from registration.models import Registration

_Status, _Role = Registration.Status, Registration.Role


@dataclass(frozen=True, slots=True)
class Registered:
    """Of one workshop: who awaits a decision, who is on the waiting list, and the offers that are open among those.

    `offered_active` are offers of active places: these places are taken. `next_lapse` is the next offer's deadline.
    """

    to_decide: int = 0
    waiting: int = 0
    offered: int = 0
    offered_active: int = 0
    next_lapse: dt.datetime | None = None


def count_registrations(*, workshops: Iterable[int]) -> dict[int, Registered]:
    """By the workshop's primary key, with one query; a workshop without any is missing."""
    waits = Q(status=_Status.WAITLISTED)
    rows = (
        Registration.objects.filter(
            workshop__in=list(workshops), status__in=(_Status.REQUESTED, _Status.WAITLISTED)
        )
        .order_by()
        .values_list("workshop_id")
        .annotate(
            to_decide=Count("pk", filter=Q(status=_Status.REQUESTED)),
            waiting=Count("pk", filter=waits),
            offered=Count("offered_until"),
            offered_active=Count("offered_until", filter=Q(role=_Role.ACTIVE)),
            next_lapse=Min("offered_until"),
        )
    )
    return {workshop: Registered(*counted) for workshop, *counted in rows}
