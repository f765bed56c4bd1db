"""Places are counted by the database: one conditional statement each, guarded by a CHECK constraint.

Both are the last step of their transaction but for the message row, so that the workshop's row is locked briefly.
"""

from __future__ import annotations

from functools import cache

from django.db.models import Exists, F, OuterRef, Q

from conference.kept_queries import KeptQuery, KeptUpdate
from conference.query_slots import key
from registration.models import Registration
from workshops.models import Workshop

# Who has an offer waits no longer.
WAITING = Q(status=Registration.Status.WAITLISTED, offered_until__isnull=True)
_LOCK: KeptQuery[Workshop] = KeptQuery(
    lambda: Workshop.objects.select_for_update(no_key=True).filter(pk=key("workshop")).only("pk")
)


def take_place(*, workshop_id: int, role: str) -> bool:
    """Takes one place of a role; False where the last one is gone."""
    return _taking(role).run(workshop=workshop_id) == 1


def take_turn(*, workshop_id: int, role: str) -> bool:
    """The same where nobody waits for such a place; False also where somebody does.

    Somebody may begin to wait until the workshop's row is locked: so it is looked at after that.
    """
    _LOCK.lock(workshop=workshop_id)
    return _taking(role, in_turn=True).run(workshop=workshop_id) == 1


def free_place(*, workshop_id: int, role: str) -> None:
    """Gives one place of a role back."""
    _freeing(role).run(workshop=workshop_id)


@cache
def _taking(role: str, *, in_turn: bool = False) -> KeptUpdate:
    taken, capacity = _columns(role)
    free = Q(**{f"{capacity}__isnull": True}) | Q(**{f"{taken}__lt": F(capacity)})
    waiting = Exists(Registration.objects.filter(WAITING, workshop=OuterRef("pk"), role=role))
    nobody = [~waiting] if in_turn else []
    return KeptUpdate(
        lambda: Workshop.objects.filter(free, *nobody, pk=key("workshop")), **{taken: F(taken) + 1}
    )


@cache
def _freeing(role: str) -> KeptUpdate:
    taken, _ = _columns(role)
    some = Q(**{f"{taken}__gt": 0})
    return KeptUpdate(lambda: Workshop.objects.filter(some, pk=key("workshop")), **{taken: F(taken) - 1})


def has_free_place(*, workshop: Workshop, role: str) -> bool:
    """Whether a place of a role looked free when `workshop` was read; only `take_place` decides."""
    taken, capacity = _columns(role)
    limit = getattr(workshop, capacity)
    return limit is None or getattr(workshop, taken) < limit


def _columns(role: str) -> tuple[str, str]:
    name = Registration.Role(role).value
    return f"taken_{name}", f"capacity_{name}"
