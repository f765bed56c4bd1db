"""Somebody who is registered listens instead of taking part actively, or the other way round."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.places import has_free_place
from registration.domain.promote import waiting_queue
from registration.domain.register import Plan, carry_out, refusal_of, targets_for, until_placed
from registration.domain.transitions import NoPlaceLeft, NotPossible, Target, lock_registration
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
    return until_placed(lambda full: _switch(registration_id, role, full))


def expected_target(*, registration: Registration, role: str) -> Target | None:
    """The state `switch_role` would lead to, as places and queues look now; None where there is no place."""
    return next(
        (target for target, _notice in _steps(registration, role) if _has_room(registration, target)), None
    )


def _switch(registration_id: int, role: str, full: Collection[int]) -> bool:
    registration = lock_registration(registration_id=registration_id)
    if registration.role == role and registration.status not in _GONE:
        return False
    if refusal := _refusal(registration, role):
        raise NotPossible(refusal)
    step = _best_step(registration, role, is_full=registration.workshop_id in full)
    carry_out([Plan(registration.workshop, registration, step)])
    return True


def _best_step(registration: Registration, role: str, *, is_full: bool) -> _Step:
    for target, notice in _steps(registration, role):
        if not is_full or target.status != _Status.CONFIRMED:
            return target, notice
    raise NoPlaceLeft(_("All listeners’ places of this workshop are taken. Nothing has changed."))


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


def _has_room(registration: Registration, target: Target) -> bool:
    if target.status != _Status.CONFIRMED or target.role in registration.held_roles:
        return True
    queue = waiting_queue(workshop_id=registration.workshop_id, role=target.role).exclude(pk=registration.pk)
    return has_free_place(workshop=registration.workshop, role=target.role) and not queue.exists()
