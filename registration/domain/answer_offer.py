"""Somebody to whom a place is offered takes it, or lets it pass."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.lapse_offers import is_untold, lapse_offer
from registration.domain.offer import has_open_offer, without_the_place
from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, Target, lock_registration, move
from registration.models import Message, Registration

_Status = Registration.Status


class OfferLapsed(NotPossible):
    """The answer came after the deadline."""


def accept_offer(*, registration_id: int, role: str = Registration.Role.ACTIVE) -> Registration:
    """Makes the place that was offered theirs, and owes the mail with the access details.

    `role` is what was offered: accepting once more what was accepted then changes nothing. Raises OfferLapsed after the
    deadline, the place then goes to the next; NotPossible where nothing is offered (any more).
    """
    try:
        with transaction.atomic():
            registration = lock_registration(registration_id=registration_id)
            if registration.status == _Status.CONFIRMED and registration.role == role:
                return registration
            _require_offer(registration, role)
            _require_time(registration)
            promote_after_commit(workshop_id=registration.workshop_id)
            return move(registration, Target(_Status.CONFIRMED, role), notice=Message.Kind.PROMOTED)
    except OfferLapsed:
        lapse_offer(registration_id=registration_id)
        raise


def pass_offer(*, registration_id: int, role: str = Registration.Role.ACTIVE) -> Registration:
    """Gives back the place that was offered: they leave the queue, and stay a listener if they listened meanwhile.

    Passing twice changes nothing. Raises NotPossible where nothing is offered (any more).
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.status == _Status.CONFIRMED and registration.role == role:
            raise NotPossible(_("You have already taken this place. You can cancel it instead."))
        if registration.status in {_Status.CANCELLED, _Status.CONFIRMED}:
            return registration
        _require_offer(registration, role)
        promote_after_commit(workshop_id=registration.workshop_id)
        target = without_the_place(registration)
        listens = target.status == _Status.CONFIRMED
        return move(
            registration, target, notice=Message.Kind.CONFIRMED if listens else Message.Kind.CANCELLED
        )


def _require_offer(registration: Registration, role: str) -> None:
    if registration.offered_until is None or registration.role != role:
        raise NotPossible(_("No place is offered to you here any more."))


def _require_time(registration: Registration) -> None:
    """Nobody is late for what they were not told in time."""
    if not has_open_offer(registration, at=timezone.now()) and not is_untold(registration=registration):
        raise OfferLapsed(_("Your answer came too late: the place is offered to the next person."))
