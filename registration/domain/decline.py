from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, Target, lock_registration, move
from registration.models import Message, Registration


def decline_registration(*, registration_id: int) -> Registration:
    """Declines a request, or somebody on the waiting list, and owes the mail that says so.

    Declining twice changes nothing. Raises NotPossible for a confirmed (cancel it) or cancelled registration.
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.status == Registration.Status.DECLINED:
            return registration
        if registration.status == Registration.Status.CONFIRMED:
            raise NotPossible(_("This registration is already confirmed: cancel it instead."))
        if registration.status == Registration.Status.CANCELLED:
            raise NotPossible(_("This registration has been cancelled."))
        promote_after_commit(workshop_id=registration.workshop_id)
        target, notice = _after_declining(registration)
        return move(registration, target, notice=notice)


def _after_declining(registration: Registration) -> tuple[Target, Message.Kind]:
    """A confirmed listener who asked for an active place in vain is a listener still."""
    if registration.status == Registration.Status.REQUESTED and registration.listens_meanwhile:
        return Target(Registration.Status.CONFIRMED, Registration.Role.LISTENER), Message.Kind.CONFIRMED
    return Target(Registration.Status.DECLINED, registration.role), Message.Kind.DECLINED
