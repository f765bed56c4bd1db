"""Writes down what became of an attempt, provided that the claim is still ours."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from registration.domain.invitation_lifecycle import mark_invitation_failed, mark_invitation_sent
from registration.domain.outbox.retry import Failure, attempts_counted, next_wait
from registration.models import Message

_Status = Message.Status


def record_sent(*, message: Message, provider_id: str = "") -> bool:
    """False where the claim was lost: somebody else then answers for the row."""
    return _record(
        message, status=_Status.SENT, sent_at=timezone.now(), provider_id=provider_id, last_error=""
    )


def record_cancelled(*, message: Message, reason: str) -> bool:
    return _record(message, status=_Status.CANCELLED, last_error=reason)


def record_put_back(*, message: Message) -> bool:
    """As if it had not been claimed."""
    attempts = message.attempts - 1
    return _record(message, status=_Status.RETRY if attempts else _Status.QUEUED, attempts=attempts)


def record_failure(*, message: Message, failure: Failure) -> bool:
    """Due again after a wait that grows with each attempt, or `failed`; the organisers see the reason."""
    wait = next_wait(attempts=message.attempts, fault=failure.fault)
    if wait is None:
        return _record(message, status=_Status.FAILED, last_error=failure.reason)
    return _record(
        message,
        status=_Status.RETRY,
        due_at=timezone.now() + wait,
        attempts=attempts_counted(attempts=message.attempts, fault=failure.fault),
        last_error=failure.reason,
    )


def _record(message: Message, **values: Any) -> bool:
    with transaction.atomic():
        ours = Message.objects.filter(pk=message.pk, status=_Status.SENDING, claim=message.claim)
        if not ours.update(claim=None, claimed_at=None, **values):
            return False
        if message.kind == Message.Kind.INVITATION:
            _tell_invitation(message, values["status"])
    return True


def _tell_invitation(message: Message, status: str) -> None:
    if status == _Status.SENT:
        mark_invitation_sent(message=message)
    elif status in {_Status.FAILED, _Status.CANCELLED}:
        mark_invitation_failed(message=message)
