"""Mends what a worker's death or a clock's jump left behind."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from redis import RedisError

from registration.domain.outbox.claim import (
    AHEAD,
    TIME_TO_UNDO,
    give_back_abandoned,
    give_back_never_begun,
    held_for,
    lease,
)
from registration.domain.outbox.journal import Notes, read_notes
from registration.domain.outbox.results import record_failure, record_sent
from registration.domain.outbox.retry import LONGEST_WAITS, WORKER_DIED, Failure, Fault
from registration.models import Message

log = structlog.get_logger(__name__)
_AT_ONCE = 500


def sweep() -> int:
    """Gives back the messages whose claim ran out, and returns how many they were.

    What the mail server had accepted by its worker's journal is `sent`. Of the one that was under way when the worker
    died nobody knows, so the mail goes out once more, with the same Message-ID. What the worker had claimed ahead and
    never began is as good as new.
    """
    _bring_back_the_distant_future()
    swept = give_back_abandoned()
    for claim in list(held_for(AHEAD).values_list("claim", flat=True).distinct()):
        try:
            swept += _sweep_claim(claim, read_notes(claim=claim) if claim else Notes())
        except RedisError as error:
            # Else a mail could go out twice; the next sweep asks again.
            log.warning("no journal of mails", reason=type(error).__name__)
    return swept


def _sweep_claim(claim: UUID | None, notes: Notes) -> int:
    swept = _record_accepted(claim, notes.accepted)
    abandoned = held_for(lease()).filter(claim=claim)
    if claim and notes.seconds is not None:
        # The clocks of two machines may differ by more than a claim lasts; Redis has one.
        if notes.seconds > AHEAD.total_seconds():
            swept += give_back_never_begun(claim=claim, begun=notes.begun)
        abandoned = abandoned.filter(pk__in=notes.begun)
    return swept + _try_again(abandoned)


def _record_accepted(claim: UUID | None, accepted: Iterable[UUID]) -> int:
    recorded = 0
    for pk in accepted:
        with transaction.atomic():
            # Its worker may be writing that down at this moment, or stand still in the midst of it.
            ours = Message.objects.select_for_update(skip_locked=True)
            message = ours.filter(pk=pk, claim=claim).first()
            if message is not None and record_sent(message=message):
                log.info("sent before its worker ended", message=str(pk))
                recorded += 1
    return recorded


def _try_again(abandoned: QuerySet[Message]) -> int:
    tried = 0
    for pk in list(abandoned.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            message = abandoned.select_for_update(skip_locked=True).filter(pk=pk).first()
            if message is not None:
                tried += record_failure(message=message, failure=Failure(Fault.MOMENT, WORKER_DIED))
    return tried


def _bring_back_the_distant_future() -> None:
    """Nothing new is due later than now, and no wait is that long: the clock was ahead when it was written."""
    now = timezone.now()
    too_far = Q(status=Message.Status.QUEUED, due_at__gt=now + lease() + TIME_TO_UNDO)
    for attempts, wait in enumerate(LONGEST_WAITS):
        too_far |= Q(status=Message.Status.RETRY, attempts=attempts, due_at__gt=now + wait + lease())
    Message.objects.filter(too_far).update(due_at=now)
