from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.domain.promote import promote_after_commit, waiting_queue
from registration.domain.transitions import NotPossible, Target, lock_registration, move
from registration.models import Message, Registration


def put_on_waiting_list(
    *, registration_id: int, listens: bool = True, undoable: bool = False
) -> Registration:
    """Approves a request for which no place is free: the next free one is theirs, and meanwhile they may listen.

    Raises NotPossible unless it awaits a decision or was declined; who waits already stays where they are in the queue,
    and keeps a place that is offered to them.
    """
    with transaction.atomic():
        registration = lock_registration(registration_id=registration_id)
        if registration.status == Registration.Status.WAITLISTED:
            return registration
        if registration.status not in {Registration.Status.REQUESTED, Registration.Status.DECLINED}:
            raise NotPossible(_("Only a request can be put on the waiting list."))
        promote_after_commit(workshop_id=registration.workshop_id)
        return move(
            registration,
            Target(
                Registration.Status.WAITLISTED,
                registration.role,
                listens=listens and registration.role == Registration.Role.ACTIVE,
            ),
            notice=Message.Kind.WAITLISTED,
            undoable=undoable,
        )


def waiting_positions(*, registrations: Iterable[Registration]) -> dict[int, int]:
    """The places in their queues of several registrations, by primary key, with one query for each person.

    From 1; 0 for somebody to whom a place is offered: they stand in no queue any more. Counted by the database: when
    thousands wait, each of them looks.
    """
    waiting = [entry for entry in registrations if _stands_in_queue(entry)]
    people = {entry.participant_id for entry in waiting}
    rows = (row for person in people for row in _IN_QUEUES.all(participant=person))
    places = {row.pk: int(vars(row)["place"]) for row in rows}
    return {entry.pk: places.get(entry.pk, 0) for entry in waiting}


def _queued() -> QuerySet[Registration]:
    return Registration.objects.filter(status=Registration.Status.WAITLISTED, offered_until__isnull=True)


def _not_behind() -> QuerySet[Registration]:
    """Those in the same queue who are not served later, and they themselves."""
    before = Q(waiting_since__lt=OuterRef("waiting_since")) | Q(
        waiting_since=OuterRef("waiting_since"), pk__lte=OuterRef("pk")
    )
    return _queued().filter(before, workshop=OuterRef("workshop"), role=OuterRef("role")).order_by()


_IN_QUEUES: KeptQuery[Registration] = KeptQuery(
    lambda: (
        _queued()
        .filter(participant=key("participant"))
        .only("pk")
        .annotate(place=Subquery(_not_behind().values("workshop").annotate(n=Count("pk")).values("n")))
        .order_by()
    )
)


def waiting_position(*, registration: Registration) -> int:
    """The place in the queue, from 1; 0 for somebody who does not wait, or to whom a place is offered."""
    if not _stands_in_queue(registration):
        return 0
    queue = waiting_queue(workshop_id=registration.workshop_id, role=registration.role)
    before = Q(waiting_since__lt=registration.waiting_since) | Q(
        waiting_since=registration.waiting_since, pk__lt=registration.pk
    )
    return queue.filter(before).count() + 1


def _stands_in_queue(registration: Registration) -> bool:
    return registration.waiting_since is not None and registration.offered_until is None
