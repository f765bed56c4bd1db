"""Giving places that became free to those who wait, oldest first: at once, or as an offer with a deadline."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from conference.audit import unrecorded
from conference.kept_queries import KeptQuery
from conference.query_slots import key, text
from registration.domain.offer import free_place_for
from registration.domain.places import WAITING, has_free_place
from registration.domain.transitions import NoPlaceLeft, NotPossible, lock_registration, move
from registration.models import Registration
from workshops.domain.registration_window import is_over
from workshops.models import Workshop


def promote_after_commit(*, workshop_id: int) -> None:
    """Promotes once the running transaction is committed.

    Not inside it: a cancellation holds its own row and then the workshop's; locking the next person's row as a third
    would wait for their own cancellation, which waits for the workshop's row. Should this process die in between,
    the sweep promotes.
    """
    transaction.on_commit(partial(promote_waiting, workshop_id=workshop_id), robust=True)


@unrecorded()  # type: ignore[untyped-decorator]
def promote_waiting(*, workshop_id: int) -> int:
    """Gives free places to the waiting, oldest first, or offers them where the workshop says so.

    Each step is a transaction of its own. Returns how many were given a place or offered one; nobody once the
    workshop is over: a place would be no use to them. It is the queue that decides: whoever freed the place is not
    recorded as having moved somebody up.
    """
    # Whoever begins to wait asks this, and mostly everything is full: then it ends with one short look.
    if not _may_give(workshop_id):
        return 0
    workshop = Workshop.objects.select_related("conference").get(pk=workshop_id)
    if is_over(workshop=workshop, at=timezone.now()):
        return 0
    promoted = 0
    # Active places first: who is moved up to one gives back the listener's place they had meanwhile.
    for role in Registration.Role:
        while _promote_oldest(workshop_id=workshop_id, role=role):
            promoted += 1
    return promoted


def _may_give(workshop_id: int) -> bool:
    """Whether in any role a place looks free, and somebody waits for it."""
    [workshop] = _PLACES.all(workshop=workshop_id)
    free = (role for role in Registration.Role if has_free_place(workshop=workshop, role=role))
    return any(somebody_waits(workshop_id=workshop_id, role=role) for role in free)


def promote_all_waiting() -> int:
    """The same for every workshop in which somebody waits; for the sweep."""
    waiting = Registration.objects.filter(status=Registration.Status.WAITLISTED)
    return sum(promote_waiting(workshop_id=pk) for pk in set(waiting.values_list("workshop_id", flat=True)))


def waiting_queue(*, workshop_id: int, role: str) -> QuerySet[Registration]:
    """Those who wait for a place of a role, in the order in which they get one; who has an offer waits no longer."""
    waiting = Registration.objects.filter(WAITING, workshop_id=workshop_id, role=role)
    return waiting.order_by("waiting_since", "pk")


def somebody_waits(*, workshop_id: int, role: str) -> bool:
    return bool(_NEXT.all(workshop=workshop_id, role=role))


def _promote_oldest(*, workshop_id: int, role: str) -> bool:
    """Whether somebody was given a place, or was offered it: there may be another one to promote."""
    while (oldest := _first(workshop_id, role)) is not None:
        try:
            with transaction.atomic():
                registration = lock_registration(registration_id=oldest)
                # By now this person may have gone, or somebody else been moved up: the queue is never skipped.
                if _first(workshop_id, role) != oldest:
                    continue
                target, notice = free_place_for(registration, at=timezone.now())
                move(registration, target, notice=notice)
        except NotPossible:  # erased at this moment: the next one is first now
            continue
        except NoPlaceLeft:
            return False
        return True
    return False


def _first(workshop_id: int, role: str) -> int | None:
    return waiting_queue(workshop_id=workshop_id, role=role).values_list("pk", flat=True).first()


_PLACES: KeptQuery[Workshop] = KeptQuery(
    lambda: Workshop.objects.filter(pk=key("workshop")).only(
        "capacity_active", "capacity_listener", *Workshop.COUNTERS
    )
)
_NEXT: KeptQuery[Registration] = KeptQuery(
    lambda: waiting_queue(workshop_id=key("workshop"), role=text("role")).only("pk")[  # type: ignore[arg-type]
        :1
    ]
)
