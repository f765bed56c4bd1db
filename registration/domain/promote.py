"""Giving places that became free to those who wait, oldest first."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from registration.domain.transitions import NoPlaceLeft, Target, lock_registration, move
from registration.models import Message, Registration
from workshops.domain.registration_window import is_over
from workshops.models import Workshop


def promote_after_commit(*, workshop_id: int) -> None:
    """Promotes once the running transaction is committed.

    Not inside it: a cancellation holds its own row and then the workshop's; locking the next person's row as a third
    would wait for their own cancellation, which waits for the workshop's row. Should this process die in between,
    the sweep promotes.
    """
    transaction.on_commit(partial(promote_waiting, workshop_id=workshop_id), robust=True)


def promote_waiting(*, workshop_id: int) -> int:
    """Confirms the waiting, oldest first, while places are free; each step is a transaction of its own.

    Returns how many were promoted; nobody once the workshop is over: a place would be no use to them.
    """
    workshop = Workshop.objects.select_related("conference").get(pk=workshop_id)
    if is_over(workshop=workshop, at=timezone.now()):
        return 0
    promoted = 0
    for role in Registration.Role:
        while _promote_oldest(workshop_id=workshop_id, role=role):
            promoted += 1
    return promoted


def promote_all_waiting() -> int:
    """The same for every workshop in which somebody waits; for the sweep."""
    waiting = Registration.objects.filter(status=Registration.Status.WAITLISTED)
    return sum(promote_waiting(workshop_id=pk) for pk in set(waiting.values_list("workshop_id", flat=True)))


def waiting_queue(*, workshop_id: int, role: str) -> QuerySet[Registration]:
    """Those who wait for a place of a role, in the order in which they get one."""
    return Registration.objects.filter(
        workshop_id=workshop_id, role=role, status=Registration.Status.WAITLISTED
    ).order_by("waiting_since", "pk")


def _promote_oldest(*, workshop_id: int, role: str) -> bool:
    """Whether there may be another one to promote."""
    oldest = waiting_queue(workshop_id=workshop_id, role=role).values_list("pk", flat=True).first()
    if oldest is None:
        return False
    try:
        with transaction.atomic():
            registration = lock_registration(registration_id=oldest)
            if registration.status != Registration.Status.WAITLISTED or registration.role != role:
                return True
            move(registration, Target(Registration.Status.CONFIRMED, role), notice=Message.Kind.PROMOTED)
    except NoPlaceLeft:
        return False
    return True
