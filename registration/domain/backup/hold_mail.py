"""Mail that a backup still owed may have left since: a person decides whether it goes, not the restore."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.nudge import nudge_after_commit
from registration.models import InvitationList, Message

HELD = gettext_noop("Held back: it was waiting in a backup that was restored, and may have been sent since.")
_S = Message.Status
_WAITING = tuple(status.value for status in (_S.QUEUED, _S.RETRY, _S.SENDING))
# Statements, not querysets: they run inside the restore, before anybody can see the messages.
HOLD = (
    f"UPDATE registration_message SET status = '{_S.CANCELLED}', claim = NULL, claimed_at = NULL, "  # noqa: S608 (constants)  # nosec B608
    f"last_error = '{HELD}' WHERE status IN {_WAITING}",
    f"UPDATE registration_invitationlist SET status = '{InvitationList.Status.STOPPED}' "  # noqa: S608 (constants)  # nosec B608
    f"WHERE status = '{InvitationList.Status.SENDING}'",
)


def hold_what_waits() -> int:
    """The same for what is owed once the restore is there: who moves up for somebody erased again knows it already.

    Returns how many messages.
    """
    waiting = Message.objects.filter(status__in=_WAITING)
    return waiting.update(status=_S.CANCELLED, claim=None, claimed_at=None, last_error=HELD)


def held_messages() -> int:
    return Message.objects.filter(status=_S.CANCELLED, last_error=HELD).count()


def send_held_mail() -> int:
    """Queues it, and returns how many messages; whatever is not owed any more is dropped when its turn comes."""
    with transaction.atomic():
        held = Message.objects.filter(status=_S.CANCELLED, last_error=HELD)
        released = held.update(status=_S.QUEUED, attempts=0, due_at=timezone.now(), last_error="")
        for lane in Lane:
            nudge_after_commit(lane.task)
    return released
