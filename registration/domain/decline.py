from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, Target, lock_registration, move
from registration.models import Message, Registration

LONGEST_NOTE = 500


def decline_registration(*, registration_id: int, note: str = "", undoable: bool = False) -> Registration:
    """Declines a request, or somebody on the waiting list, and owes the mail that says so, and why (`note`).

    Declining twice changes nothing. Raises NotPossible for a confirmed (cancel it) or cancelled registration, and for
    a note that is too long.
    """
    note = _checked(note)
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.status == Registration.Status.DECLINED:
            return registration
        if registration.status == Registration.Status.CONFIRMED:
            raise NotPossible(_("This registration is already confirmed: cancel it instead."))
        if registration.status == Registration.Status.CANCELLED:
            raise NotPossible(_("This registration has been cancelled."))
        promote_after_commit(workshop_id=registration.workshop_id)
        target, notice = _after_declining(registration, note)
        return move(registration, target, notice=notice, undoable=undoable)


def _checked(note: str) -> str:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise NotPossible(_("Give the reason in at most %(limit)d characters.") % {"limit": LONGEST_NOTE})
    return note


def _after_declining(registration: Registration, note: str) -> tuple[Target, Message.Kind]:
    """A confirmed listener who asked for an active place in vain is a listener still."""
    if registration.status == Registration.Status.REQUESTED and registration.listens_meanwhile:
        return Target(Registration.Status.CONFIRMED, Registration.Role.LISTENER), Message.Kind.CONFIRMED
    return Target(Registration.Status.DECLINED, registration.role, note=note), Message.Kind.DECLINED
