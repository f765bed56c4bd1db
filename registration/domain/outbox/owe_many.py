from __future__ import annotations

from collections.abc import Sequence

from registration.domain.outbox.nudge import nudge_after_commit
from registration.domain.outbox.owe import check_message, message_id_of, require_transaction
from registration.models import Message

_AT_ONCE = 2_000


def owe_messages(*, messages: Sequence[Message]) -> None:
    """As `owe_message`, for many at once, and with the same errors."""
    require_transaction()
    if not messages:
        return
    # The domain is the same for all of them, and finding it out ten thousand times takes half a second.
    _number, at, domain = message_id_of(messages[0].id).partition("@")
    for message in messages:
        check_message(message)
        message.message_id = f"<{message.id}{at}{domain}"
    Message.objects.bulk_create(messages, batch_size=_AT_ONCE)
    nudge_after_commit()
