from __future__ import annotations

from django.db import transaction

from registration.domain.outbox.claim import waits_for_decision
from registration.domain.outbox.results import record_cancelled, record_put_back
from registration.domain.outbox.still_owed import reason_gone
from registration.models import Message, Registration


def drop_unless_undone(*, message: Message, reason: str) -> bool:
    """Drops a claimed message that is no longer owed; puts it back while what overtook it may still be undone.

    It was claimed before the decision was there, else it would have waited. The registration is locked, as where a
    decision is taken back: either that has happened, and the message is owed again, or it will find it waiting.
    False where the claim was lost.
    """
    with transaction.atomic():
        if message.registration_id is not None and _is_open(message):
            return record_put_back(message=message)
        return record_cancelled(message=message, reason=reason)


def _is_open(message: Message) -> bool:
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    message.registration = rows.select_related("participant", "workshop").filter(messages=message).first()
    return reason_gone(message=message) is None or waits_for_decision(message=message)
