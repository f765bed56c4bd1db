from __future__ import annotations

from django.db import transaction

from registration.domain.promote import promote_after_commit
from registration.domain.transitions import Target, lock_registration, move
from registration.models import Message, Registration


def cancel_registration(*, registration_id: int, undoable: bool = False) -> Registration:
    """Cancels a registration, gives its place to whoever waits, and owes the mail that says so.

    Cancelling twice changes nothing. Raises NotPossible where there is no such registration.
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.status == Registration.Status.CANCELLED:
            return registration
        promote_after_commit(workshop_id=registration.workshop_id)
        return move(
            registration,
            Target(Registration.Status.CANCELLED, registration.role),
            notice=Message.Kind.CANCELLED,
            undoable=undoable,
        )
