"""Mends what a worker's death or a clock's jump left behind."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from registration.domain.outbox.claim import TIME_TO_UNDO, give_back_abandoned, lease
from registration.domain.outbox.results import record_failure
from registration.domain.outbox.retry import LONGEST_WAITS, WORKER_DIED, Failure, Fault
from registration.models import Message

_AT_ONCE = 500


def sweep() -> int:
    """Gives back the messages whose claim ran out, and returns how many they were.

    Their worker died, before or after the mail server's "accepted": nobody knows, so the mail goes out once
    more, with the same Message-ID. What a worker had claimed ahead and never began is as good as new.
    """
    _bring_back_the_distant_future()
    swept = give_back_abandoned()
    for pk in _abandoned().values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic():
            message = _abandoned().select_for_update(skip_locked=True).filter(pk=pk).first()
            if message is not None:
                swept += record_failure(message=message, failure=Failure(Fault.MOMENT, WORKER_DIED))
    return swept


def _abandoned() -> QuerySet[Message]:
    """Claimed too long ago, or, where a clock was put back, not yet."""
    now = timezone.now()
    ran_out = Q(claimed_at__lt=now - lease()) | Q(claimed_at__gt=now + lease())
    return Message.objects.filter(ran_out, status=Message.Status.SENDING)


def _bring_back_the_distant_future() -> None:
    """Nothing new is due later than now, and no wait is that long: the clock was ahead when it was written."""
    now = timezone.now()
    too_far = Q(status=Message.Status.QUEUED, due_at__gt=now + lease() + TIME_TO_UNDO)
    for attempts, wait in enumerate(LONGEST_WAITS):
        too_far |= Q(status=Message.Status.RETRY, attempts=attempts, due_at__gt=now + wait + lease())
    Message.objects.filter(too_far).update(due_at=now)
