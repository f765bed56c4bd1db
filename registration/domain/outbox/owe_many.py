from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from registration.domain.outbox.nudge import nudge_after_commit
from registration.domain.outbox.owe import message_id_of
from registration.models import Message


def owe_messages(*, messages: Sequence[Message]) -> None:
    """As `owe_message`, for hundreds at once, to addresses that are normalised already.

    Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A message is owed by a transaction, together with its cause."
        )
    if not messages:
        return
    # The domain is the same for all of them, and finding it out ten thousand times takes half a second.
    _number, at, domain = message_id_of(messages[0].id).partition("@")
    for message in messages:
        message.message_id = f"<{message.id}{at}{domain}"
    Message.objects.bulk_create(messages)
    nudge_after_commit()
