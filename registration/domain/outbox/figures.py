"""The outbox in numbers, for probes: what is asked every few seconds must cost the same however much was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count

from registration.domain.outbox.claim import WAITING
from registration.domain.outbox.lanes import Lane
from registration.models import Message


def unsent_since(*, at: dt.datetime, lanes: Iterable[Lane] = Lane) -> dt.datetime | None:
    """Since when the message that waits longest has been due, or being sent; None where none is.

    Not since it was written: what is planned for later, or has its next attempt ahead, is not late.
    """
    first = [moment for lane in lanes for moment in (_due_since(lane, at), _claimed_since(lane))]
    return min((moment for moment in first if moment), default=None)


def _due_since(lane: Lane, at: dt.datetime) -> dt.datetime | None:
    """In the order of the lane's index, of which the first entry is read."""
    due = Message.objects.filter(lane.condition, status__in=WAITING, due_at__lte=at)
    return due.order_by("due_at", "created_at").values_list("due_at", flat=True).first()


def _claimed_since(lane: Lane) -> dt.datetime | None:
    claimed = Message.objects.filter(lane.condition, status=Message.Status.SENDING).order_by("claimed_at")
    return claimed.values_list("claimed_at", flat=True).first()


def messages_by_status() -> dict[str, int]:
    """Every status, also those that no message has. Counts all of them: not for every few seconds."""
    counted = Message.objects.order_by().values_list("status").annotate(Count("pk"))
    return {**dict.fromkeys(Message.Status.values, 0), **dict(counted)}
