from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from conference.audit import by_way_of
from registration.domain.access import announce_missed
from registration.domain.access_codes.give import take_codes_back
from registration.domain.outbox.claim import WAITING
from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, lock_registration, move_back
from registration.models import Message, Registration

UNDONE = gettext_noop("The decision was undone before this e-mail left.")


def undo_decision(*, registration_id: int) -> Registration:
    """Takes an organiser's last decision back, and stops the mail that was to tell of it.

    Possible while that mail has not left, and nothing has happened to the registration since. Raises NotPossible
    otherwise, and NoPlaceLeft where a place that was given up is somebody else's by now.
    """
    with transaction.atomic(), by_way_of("undo-decision"):
        registration = lock_registration(registration_id=registration_id)
        former = registration.before_decision
        if former is None:
            raise NotPossible(_("There is no decision here that could be undone."))
        is_untold = _stop_mail(former["message"])
        if not is_untold and not _was_stopped(former["message"]):
            raise NotPossible(
                _("The e-mail about this decision has already left: it can no longer be undone.")
            )
        decided_at = registration.decided_at
        promote_after_commit(workshop_id=registration.workshop_id)
        restored = move_back(registration, former)
        if is_untold and decided_at is not None:
            take_codes_back(registration=restored, given_since=decided_at)
        announce_missed(registration=restored)
        return restored


def can_be_undone(*, registration: Registration) -> bool:
    """Whether it looks so now; only `undo_decision` decides."""
    former = registration.before_decision
    return former is not None and _unsent(former["message"]).exists()


def _stop_mail(message: str) -> bool:
    """One conditional statement, as the worker's claim is: exactly one of the two gets the message."""
    waiting = _unsent(message).filter(status__in=WAITING)
    return waiting.update(status=Message.Status.CANCELLED, last_error=UNDONE) == 1


def _was_stopped(message: str) -> bool:
    """By an organiser: since then the person's own page says what was decided, with the codes."""
    return _unsent(message).exists()


def _unsent(message: str) -> QuerySet[Message]:
    """Never tried: after an attempt that failed, nobody knows whether the mail arrived. It may have been stopped."""
    return Message.objects.filter(pk=message, status__in=[*WAITING, Message.Status.CANCELLED], attempts=0)
