"""Sending begins, is stopped and goes on; the invitations themselves are written by the worker (write_lists.py)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from conference.models import User
from registration.domain.invitation_lists.change_list import lock_list
from registration.domain.outbox.claim import WAITING
from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.nudge import nudge_after_commit
from registration.domain.outbox.stop import STOPPED
from registration.domain.transitions import NotPossible
from registration.models import InvitationList, InvitationRow, Message

TASK = "registration.tasks.write_invitations"
LIST_STOPPED = gettext_noop("The invitation list was stopped; it goes out when the list is resumed.")
_Status = InvitationList.Status


def send_list(*, list_id: int, by: User | None = None) -> InvitationList:
    """From now on the worker writes the invitations. A second click changes nothing.

    Raises NotPossible for a list that was stopped or is done, or in which there is nobody to invite.
    """
    with transaction.atomic():
        kept = lock_list(list_id)
        if kept.status == _Status.SENDING:
            return kept
        if kept.status != _Status.PREVIEW:
            raise NotPossible(_("This list has been sent before."))
        if not kept.rows.filter(outcome=InvitationRow.Outcome.WAITING).exists():
            raise NotPossible(_("There is nobody to invite in this list."))
        kept.status, kept.sent_by, kept.started_at = _Status.SENDING, by, timezone.now()
        kept.save(update_fields=["status", "sent_by", "started_at"])
        nudge_after_commit(TASK)
    return kept


def stop_list(*, list_id: int) -> int:
    """Nothing further is written, and what has not left is held back: returns how many mails.

    What the mail server has accepted, or a worker is just sending, cannot be called back. Raises NotPossible where
    nothing is left to stop.
    """
    with transaction.atomic():
        kept = lock_list(list_id)
        if kept.status == _Status.STOPPED:
            return 0
        held = (
            _mails(kept)
            .filter(status__in=WAITING)
            .update(status=Message.Status.CANCELLED, last_error=LIST_STOPPED)
        )
        if kept.status == _Status.PREVIEW or (kept.status == _Status.DONE and not held):
            raise NotPossible(_("Nothing of this list is on its way."))
        kept.status, kept.finished_at = _Status.STOPPED, None
        kept.save(update_fields=["status", "finished_at"])
    return held


def resume_list(*, list_id: int) -> int:
    """Goes on where it was stopped; returns how many held mails are on their way again. Raises NotPossible."""
    with transaction.atomic():
        kept = lock_list(list_id)
        if kept.status == _Status.SENDING:
            return 0
        if kept.status != _Status.STOPPED:
            raise NotPossible(_("This list was not stopped."))
        kept.status = _Status.SENDING
        kept.save(update_fields=["status"])
        # Who was sent a mail by hand meanwhile, does not get the held one besides.
        held_mails(kept).filter(Exists(_later_ones())).update(last_error=STOPPED)
        freed = held_mails(kept).update(
            status=Message.Status.QUEUED, due_at=timezone.now(), attempts=0, last_error=""
        )
        nudge_after_commit(Lane.MANY.task)
        nudge_after_commit(TASK)
    return freed


def held_mails(kept: InvitationList) -> QuerySet[Message]:
    return _mails(kept).filter(status=Message.Status.CANCELLED, last_error=LIST_STOPPED)


def _later_ones() -> QuerySet[Message]:
    later = Message.objects.filter(
        invitation=OuterRef("invitation"), kind=OuterRef("kind"), created_at__gt=OuterRef("created_at")
    )
    return later.exclude(status__in=[Message.Status.CANCELLED, Message.Status.FAILED])


def _mails(kept: InvitationList) -> QuerySet[Message]:
    return Message.objects.filter(invitation__invitation_list=kept)
