from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from registration.models import Invitation

_Status = Invitation.Status
SOON = dt.timedelta(days=7)
_PATH = "invitation__"
_COUNTED = ("out", "answered", "declined", "bounced")


@dataclass(frozen=True, slots=True)
class Invited:
    """Of one workshop: how many went out, and what became of them; `expiring` ones have no answer yet."""

    out: int = 0
    answered: int = 0
    declined: int = 0
    bounced: int = 0
    expiring: int = 0
    next_expiry: dt.datetime | None = None


def progress(name: str, *, at: dt.datetime, path: str = "") -> Q:
    """What `name`, a field of `Invited`, counts at `at` (aware); everything for any other. `path` leads to the row."""
    conditions: dict[str, dict[str, Any]] = {
        "out": {"sent_at__isnull": False},
        "answered": {"answered_at__isnull": False},
        "declined": {"status": _Status.DECLINED},
        "bounced": {"status": _Status.FAILED},
        "expiring": {
            "status": _Status.SENT,
            "link__revoked_at__isnull": True,
            "link__expires_at__gt": at,
            "link__expires_at__lte": at + SOON,
        },
    }
    return Q(**{f"{path}{field}": value for field, value in conditions.get(name, {}).items()})


def count_invitations(*, workshops: Iterable[int]) -> dict[int, Invited]:
    """By the workshop's primary key, with two queries; one to several workshops counts in each.

    Those about to expire are asked for by themselves: so the links of all the others need not be read.
    """
    through = Invitation.workshops.through.objects.filter(workshop__in=list(workshops)).order_by()
    at = timezone.now()
    counts = {name: Count("pk", filter=progress(name, at=at, path=_PATH)) for name in _COUNTED}
    expiring = through.filter(progress("expiring", at=at, path=_PATH)).values_list("workshop_id")
    soon: dict[int, dict[str, Any]] = {
        workshop: {"expiring": count, "next_expiry": first}
        for workshop, count, first in expiring.annotate(
            count=Count("pk"), first=Min("invitation__link__expires_at")
        )
    }
    rows: Any = through.values("workshop_id").annotate(**counts)
    return {
        row["workshop_id"]: Invited(
            **{name: row[name] for name in _COUNTED}, **soon.get(row["workshop_id"], {})
        )
        for row in rows
    }
