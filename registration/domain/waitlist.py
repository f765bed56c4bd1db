from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
    """The places in their queues of several registrations, by primary key, with one query.

    From 1; 0 for somebody to whom a place is offered: they stand in no queue any more.
    """
    waiting = [entry for entry in registrations if _stands_in_queue(entry)]
    if not waiting:
        return {}
    queues: dict[tuple[int, str], list[int]] = defaultdict(list)
    everybody = Registration.objects.filter(
        workshop__in={entry.workshop_id for entry in waiting},
        status=Registration.Status.WAITLISTED,
        offered_until__isnull=True,
    ).order_by("waiting_since", "pk")
    for pk, workshop_id, role in everybody.values_list("pk", "workshop_id", "role"):
        queues[workshop_id, role].append(pk)
    places = {pk: place for queue in queues.values() for place, pk in enumerate(queue, 1)}
    return {entry.pk: places.get(entry.pk, 0) for entry in waiting}


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
