"""Writes down what became of an attempt, provided that the claim is still ours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from conference.kept_queries import KeptTogether, KeptUpdate, Slot, moment, text
from registration.domain.invitation_lifecycle import MARK_INVITATION_SENT, mark_invitation_failed
from registration.domain.outbox.retry import Failure, attempts_counted, next_wait
from registration.models import Message

_Status = Message.Status
_OURS = {"id": Slot("id", models.UUIDField()), "claim": Slot("claim", models.UUIDField())}
# A row has a claim only while it is being sent: its key and the claim say all, and are found by the key.
_SENT = KeptUpdate(
    lambda: Message.objects.filter(**_OURS),
    status=_Status.SENT,
    sent_at=moment("now"),
    provider_id=text("provider_id"),
    last_error="",
    claim=None,
    claimed_at=None,
)
# Not the time of the claim: it stands in an index, and the row would have to be entered anew into each of them.
_BEGUN = KeptUpdate(
    lambda: Message.objects.filter(
        pk=Slot("begun", models.UUIDField()),
        claim=Slot("begun_claim", models.UUIDField()),
    ),
    attempts=1,
)

# Whether it is an invitation, and whether another message is begun at the same time. Then more mails follow, and with
# them a commit that waits for the disk: see `record_sent_and_begin`.
_RECORDS = {
    (is_invitation, begins): KeptTogether(
        _SENT,
        follows=[MARK_INVITATION_SENT] if is_invitation else [],
        beside=[_BEGUN] if begins else [],
        awaits_disk=not begins,
    )
    for is_invitation in (False, True)
    for begins in (False, True)
}


def record_sent(*, message: Message, provider_id: str = "") -> bool:
    """False where the claim was lost: somebody else then answers for the row."""
    return _record_sent(message, provider_id)[0]


def begin(*, message: Message) -> bool:
    """Counts the attempt of a message that was claimed ahead, before anything is done for it.

    False where the claim was lost: it may not be sent then.
    """
    message.attempts = 1
    return bool(_BEGUN.run(begun=message.pk, begun_claim=message.claim))


def record_sent_and_begin(*, sent: Message, provider_id: str, begun: Message) -> tuple[bool, bool]:
    """Both in one transaction: one commit for each mail.

    It may be on the database's disk only with a later commit. Until then whoever calls this has to know what was sent,
    and to `record_again` should the database break down.
    """
    begun.attempts = 1
    recorded, is_begun = _record_sent(sent, provider_id, begun=begun.pk, begun_claim=begun.claim)
    return recorded, is_begun


def record_again(*, message: Message, provider_id: str) -> None:
    """For a database that has broken down: it may have forgotten the result, and who had claimed the message.

    Where it has been given back since, as never begun, it is taken again. Nothing is changed where its result stands,
    where somebody is sending it again, or where it is due anew.
    """
    ours = models.Q(claim=message.claim) | models.Q(status=_Status.QUEUED, due_at=message.due_at)
    with transaction.atomic():
        Message.objects.filter(ours, pk=message.pk).update(
            status=_Status.SENDING,
            claim=message.claim,
            claimed_at=timezone.now(),
            attempts=message.attempts,
        )
        _record_sent(message, provider_id)


def _record_sent(message: Message, provider_id: str, **begun: UUID | None) -> tuple[bool, ...]:
    about: dict[str, Any] = {"id": message.pk, "claim": message.claim, **begun}
    is_invitation = message.kind == Message.Kind.INVITATION and message.invitation_id is not None
    if is_invitation:
        about["invitation"] = message.invitation_id
    return _RECORDS[is_invitation, bool(begun)].run(**about, now=timezone.now(), provider_id=provider_id)


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
        _tell_invitation(message, values["status"])
    return True


def _tell_invitation(message: Message, status: str) -> None:
    if message.kind == Message.Kind.INVITATION and status in {_Status.FAILED, _Status.CANCELLED}:
        mark_invitation_failed(message=message)
