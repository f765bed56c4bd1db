"""Somebody who is registered listens instead of taking part actively, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.places import has_free_place
from registration.domain.promote import promote_after_commit, waiting_queue
from registration.domain.register import refusal_of, require_turn, targets_for
from registration.domain.transitions import NoPlaceLeft, NotPossible, Target, lock_registration, move
from registration.models import Message, Registration
from workshops.domain.registration_window import is_over

_Role, _Status = Registration.Role, Registration.Status
_GONE = {_Status.CANCELLED, _Status.DECLINED}
_Step = tuple[Target, Message.Kind]


def switch_role(*, registration_id: int, role: str) -> bool:
    """Gives the registration the other role, as the workshop decides on it, and owes the mail; False where it has it.

    Who steps back to listening frees their place, and the next person gets it; who steps up gets a free place, waits
    for one, or asks for it, and goes on listening until then. Nobody gives up what they have for a place in a queue of
    listeners. Raises NoPlaceLeft, NotPossible; nothing has changed then.
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.role == role and registration.status not in _GONE:
            return False
        if refusal := _refusal(registration, role):
            raise NotPossible(refusal)
        if registration.held_roles or role == _Role.ACTIVE:
            # Also for who begins to wait: a place given back in this very moment found nobody in the queue.
            promote_after_commit(workshop_id=registration.workshop_id)
        _take_first_step(registration, role)
        return True


def expected_target(*, registration: Registration, role: str) -> Target | None:
    """The state `switch_role` would lead to, as places and queues look now; None where there is no place."""
    return next(
        (target for target, _notice in _steps(registration, role) if _has_room(registration, target)), None
    )


def _refusal(registration: Registration, role: str) -> Promise | None:
    if registration.status in _GONE:
        return _("You are not registered here any more.")
    if is_over(workshop=registration.workshop, at=timezone.now()):
        return _("This event is over.")
    if role == _Role.LISTENER and registration.admitted_role is not None:
        return None  # stepping back is as free as cancelling
    return refusal_of(registration.workshop, registration, role)


def _steps(registration: Registration, role: str) -> Iterator[_Step]:
    """The states to try, best first."""
    listens = registration.admitted_role == _Role.LISTENER
    for target, notice in targets_for(registration.workshop, registration, role, listens):
        if role == _Role.ACTIVE or target.status != _Status.WAITLISTED:
            yield target, notice


def _take_first_step(registration: Registration, role: str) -> None:
    held, pk = registration.held_roles, registration.pk
    for target, notice in _steps(registration, role):
        try:
            with transaction.atomic():
                move(registration, target, notice=notice)
                if target.status == _Status.CONFIRMED and role not in held:
                    require_turn(registration)
                return
        except NoPlaceLeft:
            # The object at hand carries the state that was refused.
            registration = lock_registration(registration_id=pk)
    raise NoPlaceLeft(_("All listeners’ places of this workshop are taken. Nothing has changed."))


def _has_room(registration: Registration, target: Target) -> bool:
    if target.status != _Status.CONFIRMED or target.role in registration.held_roles:
        return True
    queue = waiting_queue(workshop_id=registration.workshop_id, role=target.role).exclude(pk=registration.pk)
    return has_free_place(workshop=registration.workshop, role=target.role) and not queue.exists()
