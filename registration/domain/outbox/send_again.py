from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.outbox.errors import NotWaiting
from registration.domain.outbox.lanes import lane_of
from registration.domain.outbox.nudge import nudge_after_commit
from registration.models import Message, Registration

_GIVEN_UP = (Message.Status.FAILED, Message.Status.CANCELLED)


def send_again(*, message_id: uuid.UUID) -> Message:
    """An organiser has a message that failed, or was stopped, sent after all; it keeps its Message-ID.

    One that waits for its next attempt is tried at once. Raises NotWaiting once it is sent or being sent.
    """
    with transaction.atomic():
        _decide_finally(message_id)
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise NotWaiting(_("This message does not exist."))
        if message.status not in {*_GIVEN_UP, Message.Status.RETRY}:
            raise NotWaiting(
                _("Only a message that has failed, was stopped or is waiting can be sent again.")
            )
        message.status, message.attempts = Message.Status.QUEUED, 0
        message.due_at, message.last_error = timezone.now(), ""
        message.save(update_fields=["status", "attempts", "due_at", "last_error"])
        nudge_after_commit(lane_of(message.kind).task)
    return message


def _decide_finally(message_id: uuid.UUID) -> None:
    """The mail about a decision may have arrived when it was tried: with its attempts forgotten, nobody could tell.

    The registration before its message, as where a decision is undone: each would wait for the other.
    """
    about = Registration.objects.filter(messages=message_id, before_decision__message=str(message_id))
    Registration.objects.filter(pk__in=list(about.values_list("pk", flat=True))).update(before_decision=None)
