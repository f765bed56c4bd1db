from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Max, Min, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from registration.domain.outbox.claim import WAITING
from registration.domain.outbox.retry import LOST, REFUSES_US, SLOW, UNREACHABLE
from registration.models import Message, SendingPace

# From then on `/health/ready` calls it late as well.
LATE = dt.timedelta(minutes=5)
_FAILED = Q(status=Message.Status.FAILED)
_OF_THE_SERVER = (UNREACHABLE, REFUSES_US, SLOW, LOST)
# It waits for the mail server, whenever its next attempt is.
_AWAY = Q(status=Message.Status.RETRY, last_error__in=_OF_THE_SERVER)


@dataclass(frozen=True, slots=True)
class Unsent:
    """Mails that should have left; `reason`: of the latest failure, not translated yet, empty where none is known.

    `rate`: mails a minute, where they only wait for their turn under the operator's limit.
    """

    count: int
    since: dt.datetime
    reason: str
    rate: int | None


@dataclass(frozen=True, slots=True)
class Mails:
    """`unsent` is None while nothing waits for longer than it should."""

    failed: int
    unsent: Unsent | None


def unsent(*, at: dt.datetime) -> Q:
    """What is due and has not left, and what waits for the mail server."""
    return Q(status__in=WAITING) & (Q(due_at__lte=at) | _AWAY)


def count_mails(*, own: Q, at: dt.datetime) -> Mails:
    """Of the messages of `own`, in one query."""
    waits = unsent(at=at)
    found = (
        Message.objects.filter(own, _FAILED | waits)
        .order_by()
        .aggregate(
            failed=Count("pk", filter=_FAILED),
            count=Count("pk", filter=waits),
            away=Count("pk", filter=_AWAY),
            due=Min("due_at", filter=waits),
            # With each attempt a message becomes due anew; it has not left since it was written.
            since=Min(Case(When(_AWAY, then=F("created_at")), default=F("due_at")), filter=waits),
            reason=Max(_latest_reason(own, waits), filter=waits),
            turn=Max(Subquery(SendingPace.objects.filter(pk=1).values("next_at")), filter=waits),
        )
    )
    is_late = found["count"] and (found["away"] or found["due"] <= at - LATE)
    return Mails(found["failed"], _unsent(found, at) if is_late else None)


def _unsent(found: dict[str, Any], at: dt.datetime) -> Unsent:
    turns_are_given = found["turn"] is not None and found["turn"] > at - LATE
    waits_for_turn = turns_are_given and found["reason"] not in _OF_THE_SERVER
    return Unsent(
        found["count"], found["since"], found["reason"] or "", settings.MAIL_RATE if waits_for_turn else None
    )


def _latest_reason(own: Q, waits: Q) -> Coalesce:
    """One row says for all that the mail server is away, also for people who may not see whose it is.

    With each failure the next attempt is planned, so that what is due last has failed last.
    """

    def latest(rows: QuerySet[Message]) -> Subquery:
        return Subquery(rows.order_by("-due_at").values("last_error")[:1])

    own_ones = Message.objects.filter(own, waits).exclude(last_error="")
    return Coalesce(latest(Message.objects.filter(_AWAY)), latest(own_ones), output_field=CharField())


def count_failed_mails(*, workshops: Iterable[int]) -> Counter[int]:
    """By workshop: mails about registrations for it, and invitations to it; one to several workshops counts in each."""
    wanted = set(workshops)
    rows = (
        Message.objects.filter(status=Message.Status.FAILED)
        .order_by()
        .values_list("registration__workshop", "invitation__workshops")
        .annotate(count=Count("pk"))
    )
    found: Counter[int] = Counter()
    for registered, invited, count in rows:
        for workshop in wanted & {registered, invited}:
            found[workshop] += count
    return found
