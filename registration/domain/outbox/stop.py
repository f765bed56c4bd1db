from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from registration.domain.outbox.claim import WAITING
from registration.domain.outbox.errors import NotWaiting
from registration.models import Message

STOPPED = gettext_noop("An organiser stopped it.")


def stop_message(*, message_id: uuid.UUID) -> Message:
    """An organiser stops a message that waits. Raises NotWaiting once it is being sent, or further on."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise NotWaiting(_("This message does not exist."))
        if message.status not in WAITING:
            raise NotWaiting(_("Only a waiting message can be stopped."))
        message.status, message.last_error = Message.Status.CANCELLED, STOPPED
        message.save(update_fields=["status", "last_error"])
    return message
