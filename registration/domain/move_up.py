from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from auditlog.models import LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.promote import waiting_queue
from registration.domain.transitions import NotPossible, owe_to_participant
from registration.models import Message, Registration

LONGEST_REASON = 500
_STEP = dt.timedelta(milliseconds=1)


def move_up(
    *, registration_id: int, place: int = 1, reason: str, by: AbstractBaseUser | None
) -> Registration:
    """Moves somebody who waits to a place further ahead in their queue, logs why, and owes the mail that says so.

    Raises NotPossible: for somebody who does not wait or has an offer, for a place that is not further ahead, without
    a reason.
    """
    reason = _checked(reason)
    with transaction.atomic():
        queue = _lock_queue(registration_id)
        place_before = _place_in(queue, registration_id)
        registration = queue[place_before - 1]
        if not 1 <= place < place_before:
            raise NotPossible(
                _("This person stands at number %(place)d. Give a number further ahead.")
                % {"place": place_before}
            )
        before = registration.waiting_since
        _put(registration, ahead=queue[: place - 1], behind=queue[place - 1])
        changes = {
            "waiting_since": [str(before), str(registration.waiting_since)],
            "place": [str(place_before), str(place)],
        }
        _log(registration, changes, reason, by)
        owe_to_participant(registration=registration, kind=Message.Kind.MOVED_UP)
        return registration


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise NotPossible(_("Give the reason why this person is moved up."))
    if len(reason) > LONGEST_REASON:
        raise NotPossible(_("Give the reason in at most %(limit)d characters.") % {"limit": LONGEST_REASON})
    return reason


def _lock_queue(registration_id: int) -> list[Registration]:
    """The whole queue, locked in the order in which a preview locks its rows, read in the order of the queue."""
    wanted = Registration.objects.filter(pk=registration_id).first()
    if wanted is None:
        raise NotPossible(_("This registration does not exist."))
    queue = waiting_queue(workshop_id=wanted.workshop_id, role=wanted.role)
    rows = queue.select_related("participant__conference", "workshop__conference").select_for_update(
        of=("self",), no_key=True
    )
    return sorted(rows.order_by("created_at", "pk"), key=_key)


def _key(registration: Registration) -> tuple[dt.datetime, int]:
    if registration.waiting_since is None:
        raise ValueError("this person does not wait")
    return registration.waiting_since, registration.pk


def _place_in(queue: Sequence[Registration], registration_id: int) -> int:
    """From 1."""
    for place, entry in enumerate(queue, 1):
        if entry.pk == registration_id:
            return place
    raise NotPossible(_("Only somebody who waits, and to whom no place is offered, can be moved up."))


def _put(registration: Registration, *, ahead: Sequence[Registration], behind: Registration) -> None:
    """Gives a key between the last of `ahead` and `behind`; where none lies between, `ahead` makes room first."""
    upper, _pk = _key(behind)
    between = upper - _STEP
    if ahead and _key(ahead[-1])[0] >= between:
        keys = [entry.pk for entry in ahead]
        Registration.objects.filter(pk__in=keys).update(waiting_since=F("waiting_since") - 2 * _STEP)
    # Not `save`: what changed is logged with its reason, once.
    Registration.objects.filter(pk=registration.pk).update(waiting_since=between, changed_at=timezone.now())
    registration.waiting_since = between


def _log(
    registration: Registration, changes: dict[str, list[str]], reason: str, by: AbstractBaseUser | None
) -> None:
    LogEntry.objects.log_create(
        registration,
        action=LogEntry.Action.UPDATE,
        changes=changes,
        additional_data={"reason": reason},
        actor=by,
    )
