"""Offers that nobody answered end, and the place goes to the next."""

from __future__ import annotations

import contextlib

from django.db import transaction
from django.utils import timezone

from registration.domain.offer import without_the_place
from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, lock_registration, move
from registration.models import Message, Registration


def lapse_offers() -> int:
    """Ends every offer whose deadline has passed, each in a transaction of its own; returns how many; for the sweep."""
    due = Registration.objects.filter(offered_until__lte=timezone.now()).order_by("offered_until", "pk")
    return sum(lapse_offer(registration_id=pk) for pk in list(due.values_list("pk", flat=True)))


def lapse_offer(*, registration_id: int) -> bool:
    """Ends one offer and owes the mail that says so; False where it was answered meanwhile, or still has time.

    Also where there is no such registration any more: somebody who is erased gives the place back themselves.
    """
    with contextlib.suppress(NotPossible), transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.offered_until is None or registration.offered_until > timezone.now():
            return False
        promote_after_commit(workshop_id=registration.workshop_id)
        move(registration, without_the_place(registration), notice=Message.Kind.OFFER_LAPSED)
        return True
    return False
