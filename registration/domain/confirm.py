from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, Target, lock_registration, move
from registration.models import Message, Registration


def confirm_registration(
    *, registration_id: int, role: str | None = None, undoable: bool = False
) -> Registration:
    """Confirms a registration in the role asked for, or in `role`, and owes the mail with the access details.

    A place that is offered to this person is taken with it, or, for another role, given back.
    Confirming what is confirmed in that role changes nothing. Raises NoPlaceLeft, NotPossible (cancelled, unknown).
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        wanted = Registration.Role(role or registration.role)
        if registration.status == Registration.Status.CONFIRMED and registration.role == wanted:
            return registration
        if registration.status == Registration.Status.CANCELLED:
            raise NotPossible(_("This registration has been cancelled."))
        if registration.held_roles:
            promote_after_commit(workshop_id=registration.workshop_id)
        return move(
            registration,
            Target(Registration.Status.CONFIRMED, wanted),
            notice=Message.Kind.CONFIRMED,
            undoable=undoable,
        )
