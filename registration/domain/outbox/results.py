"""Writes down what became of an attempt, provided that the claim is still ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from conference.kept_queries import KeptTogether, KeptUpdate
from conference.query_slots import Slot, Slots, moment, text
from registration.domain.invitation_lifecycle import mark_invitation_failed, marks_sent
from registration.domain.outbox.retry import Failure, attempts_counted, next_wait
from registration.models import Message

# So many at once.
AT_ONCE = 32
_Status = Message.Status
_Group = Sequence[Message]


class _Records:
    """For up to `most` messages of one claim that were sent, and as many of one claim that are begun."""

    def __init__(self, most: int) -> None:
        self._sent = Slots("sent", models.UUIDField(), most=most)
        self._begun = Slots("begun", models.UUIDField(), most=most)
        self._invited = Slots("invitation", models.BigIntegerField(), most=most)
        # Not the time of the claim: it stands in an index, and the row would have to be entered anew into each of them.
        self._begin = KeptUpdate(
            lambda: Message.objects.filter(pk__in=self._begun.places, claim=_claim("begun_claim")),
            attempts=1,
        )
        # A row has a claim only while it is being sent: its key and the claim say all, and are found by the key.
        record = KeptUpdate(
            lambda: Message.objects.filter(pk__in=self._sent.places, claim=_claim("sent_claim")),
            status=_Status.SENT,
            sent_at=moment("now"),
            provider_id=text("provider_id"),
            last_error="",
            claim=None,
            claimed_at=None,
        )
        # Whether there are invitations among them, and whether others are begun at the same time.
        self._together = {
            (invites, begins): KeptTogether(
                record,
                follows=[marks_sent(self._invited.places)] if invites else [],
                beside=[self._begin] if begins else [],
            )
            for invites in (False, True)
            for begins in (False, True)
        }

    def begin(self, begun: _Group) -> int:
        return self._begin.run(**self._values_of_begun(begun))

    def record(self, sent: _Group, begun: _Group, provider_id: str) -> tuple[int, int]:
        """How many of each were still ours."""
        invited = [
            row.invitation_id for row in sent if row.kind == Message.Kind.INVITATION and row.invitation_id
        ]
        changed = self._together[bool(invited), bool(begun)].run(
            **self._sent.filled([message.pk for message in sent]),
            sent_claim=sent[0].claim,
            **(self._invited.filled(invited) if invited else {}),
            **(self._values_of_begun(begun) if begun else {}),
            now=timezone.now(),
            provider_id=provider_id,
        )
        return changed[0], sum(changed[1:])

    def _values_of_begun(self, begun: _Group) -> dict[str, Any]:
        return {**self._begun.filled([message.pk for message in begun]), "begun_claim": begun[0].claim}


def _claim(name: str) -> Slot:
    return Slot(name, models.UUIDField())


_ONE, _MANY = _Records(1), _Records(AT_ONCE)


def record_sent(*, message: Message, provider_id: str = "") -> bool:
    """False where the claim was lost: somebody else then answers for the row."""
    recorded, _begun = _ONE.record([message], [], provider_id)
    return bool(recorded)


def begin(*, messages: _Group) -> list[Message]:
    """Counts the attempts of messages of one claim that were claimed ahead, before anything is done for them.

    Returns those whose claim was still ours: no other may be sent.
    """
    for message in messages:
        message.attempts = 1
    if len(messages) > 1 and _MANY.begin(messages) == len(messages):
        return list(messages)
    return [message for message in messages if _ONE.begin([message])]


def record_sent_and_begin(
    *, sent: _Group, begun: _Group, provider_id: str = ""
) -> tuple[list[Message], list[Message]]:
    """In one transaction, up to `AT_ONCE` of each: at least one that was sent, all of one claim, and the others of one.

    Returns those of each whose claim was still ours. `provider_id` is that of the only one that was sent.
    """
    if len(sent) > AT_ONCE:
        before, _none = record_sent_and_begin(sent=sent[:AT_ONCE], begun=[])
        after, ours = record_sent_and_begin(sent=sent[AT_ONCE:], begun=begun)
        return [*before, *after], ours
    for message in begun:
        message.attempts = 1
    if len(sent) == 1 and len(begun) <= 1:
        recorded, is_begun = _ONE.record(sent, begun, provider_id)
        return list(sent) if recorded else [], list(begun) if is_begun else []
    with transaction.atomic():
        if _MANY.record(sent, begun, provider_id) == (len(sent), len(begun)):
            return list(sent), list(begun)
        transaction.set_rollback(True)
    # Somebody has taken one of them: it is found one by one.
    return [message for message in sent if record_sent(message=message, provider_id=provider_id)], [
        message for message in begun if _ONE.begin([message])
    ]


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
