"""Offers that nobody answered end, and the place goes to the next."""

from __future__ import annotations

import contextlib

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from registration.domain.offer import free_place_for, without_the_place
from registration.domain.outbox.claim import WAITING
from registration.domain.outbox.still_owed import OVERTAKEN
from registration.domain.promote import promote_after_commit
from registration.domain.transitions import NotPossible, facts_of_offer, lock_registration, move
from registration.models import Message, Registration
from workshops.domain.registration_window import is_over

_Status = Message.Status
# Its turn came between the deadline and the sweep: it was not sent, as there was no time left to answer.
_CAME_TOO_LATE = Q(status=_Status.CANCELLED, last_error=OVERTAKEN)
_UNSENT = Q(status__in=[*WAITING, _Status.SENDING]) | _CAME_TOO_LATE


def lapse_offers() -> int:
    """Ends every offer whose deadline has passed, each in a transaction of its own; returns how many; for the sweep."""
    due = Registration.objects.filter(offered_until__lte=timezone.now()).order_by("offered_until", "pk")
    return sum(lapse_offer(registration_id=pk) for pk in list(due.values_list("pk", flat=True)))


def lapse_offer(*, registration_id: int) -> bool:
    """Ends one offer and owes the mail that says so; False where it was answered meanwhile, or still has time.

    Also where its mail has not left yet: nobody can answer what they were not told, so it is made anew. And where there
    is no such registration any more: somebody who is erased gives the place back themselves.
    """
    with contextlib.suppress(NotPossible), transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.offered_until is None or registration.offered_until > timezone.now():
            return False
        if is_untold(registration=registration):
            _offer_anew(registration)
            return False
        promote_after_commit(workshop_id=registration.workshop_id)
        move(registration, without_the_place(registration), notice=Message.Kind.OFFER_LAPSED)
        return True
    return False


def is_untold(*, registration: Registration) -> bool:
    """Whether the mail about this very offer still waits to leave; not once the workshop is over, or it was given up.

    The registration is locked; its mails are locked here, so that no worker takes one meanwhile.
    """
    if is_over(workshop=registration.workshop, at=timezone.now()):
        return False
    mails = _mails(registration)
    list(mails.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    return mails.filter(_UNSENT).exists() and not mails.filter(status=_Status.SENT).exists()


def _mails(registration: Registration) -> QuerySet[Message]:
    offer = facts_of_offer(registration)["offered_until"]
    return registration.messages.filter(kind=Message.Kind.OFFERED, facts__offered_until=offer)


def _offer_anew(registration: Registration) -> None:
    """As if the place had become free now. What is just being sent is left to the next sweep."""
    mails = _mails(registration)
    if mails.filter(status=_Status.SENDING).exists():
        return
    unsent = Message.objects.filter(pk__in=list(mails.filter(_UNSENT).values_list("pk", flat=True)))
    now = timezone.now()
    target, notice = free_place_for(registration, at=now)
    if target.offered_until is None:
        # Who listened meanwhile gives that place back.
        promote_after_commit(workshop_id=registration.workshop_id)
        move(registration, target, notice=notice)
        return
    move(registration, target, notice=None)
    unsent.update(facts=facts_of_offer(registration))
    unsent.filter(_CAME_TOO_LATE).update(status=_Status.QUEUED, due_at=now, last_error="")
