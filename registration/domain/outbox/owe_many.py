from __future__ import annotations

from collections.abc import Sequence

from conference.kept_queries import KeptInsert
from registration.domain.outbox.lanes import lane_of
from registration.domain.outbox.nudge import nudge_after_commit
from registration.domain.outbox.owe import check_message, message_id_of, require_transaction, tell_owed
from registration.models import Message

# A statement takes only so many values in SQLite.
_AT_ONCE = 1_000
_INSERT = KeptInsert(Message)


def owe_messages(*, messages: Sequence[Message]) -> None:
    """As `owe_message`, for many at once, and with the same errors."""
    require_transaction()
    if not messages:
        return
    for message in messages:
        check_message(message)
        message.message_id = message_id_of(message.id)
    for start in range(0, len(messages), _AT_ONCE):
        _INSERT.later(messages[start : start + _AT_ONCE])
    tell_owed(messages)
    for lane in {lane_of(message.kind) for message in messages}:
        nudge_after_commit(lane.task)
