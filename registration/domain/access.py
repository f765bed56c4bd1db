"""Access details: kept, announced to those they are for, and handed out to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.domain.access_codes.give import give_codes, lock_workshops, without_code
from registration.domain.access_known import (
    access_for,
    access_for_each,
    admitted,
    admitted_as,
    with_own_codes,
)
from registration.domain.access_schedule import is_due
from registration.domain.access_told import note_told
from registration.domain.outbox.owe import owe_message
from registration.domain.transitions import link_for_mail
from registration.models import AccessDetails, Message, Registration
from workshops.models import WorkshopDay

__all__ = [
    "access_for",
    "access_for_each",
    "admitted",
    "admitted_as",
    "announce_access",
    "announce_due",
    "announce_missed",
    "hand_out_codes",
    "recipients_of",
    "save_access_details",
    "save_all_access_details",
]

log = structlog.get_logger(__name__)
_CONTENT = ("day_id", "role", "personal_codes", *AccessDetails.SECRETS)
_SCHEDULE = ("send_at", "hours_before")


def save_access_details(*, details: AccessDetails, by: AbstractBaseUser | None) -> int:
    """Keeps the details of one day and role, announces them if they changed; returns the messages owed.

    With a time of sending that has not come, nobody is written to before it: see `announce_due`. Once they have been
    announced a change goes out at once: what people hold no longer lets them in.
    """
    return save_all_access_details(details=[details], by=by)


def save_all_access_details(*, details: Sequence[AccessDetails], by: AbstractBaseUser | None) -> int:
    """The same for several days or roles at once: each person is written to once, about all of them."""
    with transaction.atomic():
        _lock_workshops_of(day.day_id for day in details)
        _read_versions(details)
        changed = [entry for entry in details if _differs(entry, _CONTENT)]
        rescheduled = [entry for entry in details if entry not in changed and _differs(entry, _SCHEDULE)]
        for entry in (*changed, *rescheduled):
            entry.save()
        log.info("access details saved", details=[entry.pk for entry in changed], by=by.pk if by else None)
        first = [entry for entry in rescheduled if not entry.version]
        due = [entry for entry in changed if entry.version] + _due([*changed, *first])
        return announce_access(details_ids=[entry.pk for entry in due])


def announce_access(*, details_ids: Sequence[int], first_only: bool = False) -> int:
    """Owes each admitted person one message about these details, as far as they are for their role.

    Details announced before go out as changed (with `first_only`, not at all); incomplete ones only then: what was
    sent no longer holds. Who needs a personal code gets one; while there is none they are not written to.
    """
    with transaction.atomic():
        rows = AccessDetails.objects.filter(pk__in=details_ids).select_related("day__workshop")
        lock_workshops(rows.values_list("day__workshop", flat=True))
        by_audience: dict[tuple[int, str], list[AccessDetails]] = defaultdict(list)
        # Read after the lock: somebody may just have announced them.
        for entry in rows.all():
            if (entry.is_complete or entry.version) and not (first_only and entry.version):
                by_audience[entry.day.workshop_id, entry.role].append(entry)
        return sum(_announce(workshop, role, entries) for (workshop, role), entries in by_audience.items())


def announce_due() -> int:
    """Announces the details whose time of sending has come, each of them once; gives codes that came late.

    Returns the messages owed. What is still incomplete then goes out as soon as it is saved complete.
    """
    waiting = AccessDetails.objects.filter(version=0).exclude(send_at=None, hours_before=None)
    due = _due(waiting.select_related("day__workshop__conference"))
    count = announce_access(details_ids=[entry.pk for entry in due], first_only=True) if due else 0
    personal = AccessDetails.objects.filter(
        version__gt=0, personal_codes=True, day__access_codes__assigned_at=None
    )
    for pk in personal.distinct().values_list("pk", flat=True):
        count += hand_out_codes(details_id=pk)
    return count


def hand_out_codes(*, details_id: int) -> int:
    """Gives codes to those who have none, and owes them the access details; returns the messages owed.

    Nothing where the details have not been announced: the codes are given when they are.
    """
    with transaction.atomic():
        rows = AccessDetails.objects.filter(pk=details_id).select_related("day__workshop")
        lock_workshops(rows.values_list("day__workshop", flat=True))
        details = rows.all().first()
        if details is None or not details.version or not details.personal_codes:
            return 0
        waiting = without_code(details=details)
        served = give_codes(day_id=details.day_id, role=details.role, registrations=waiting)
        for registration in served:
            _owe(registration, new=[details], changed=[])
        return len(served)


def announce_missed(*, registration: Registration) -> bool:
    """Owes what was announced, or changed, while somebody was not let in by mistake; within the transaction that lets
    them in again, which holds the registration. False where they have been told everything.
    """
    rows = registration.access_told.exclude(message__status=Message.Status.CANCELLED).order_by("version")
    told = dict(rows.values_list("details", "version"))
    missed = [
        entry for entry in access_for(registration=registration) if told.get(entry.pk, 0) < entry.version
    ]
    if missed:
        new = [entry for entry in missed if entry.pk not in told]
        _owe(registration, new=new, changed=[entry for entry in missed if entry.pk in told])
    return bool(missed)


def recipients_of(*, details: AccessDetails) -> int:
    """How many people are written to when these details change; for the organiser, before saving."""
    return admitted(workshop_id=details.day.workshop_id, role=details.role).count()


def _lock_workshops_of(day_ids: Iterable[int]) -> None:
    """Somebody who is being confirmed holds the workshop's row, too. Without waiting for each other we would
    not see their registration, and they not our details: they would never get any.
    """
    lock_workshops(WorkshopDay.objects.filter(pk__in=set(day_ids)).values_list("workshop", flat=True))


def _read_versions(details: Sequence[AccessDetails]) -> None:
    """They may have been announced since the organiser opened the form: the time of sending came meanwhile."""
    rows = AccessDetails.objects.filter(pk__in=[entry.pk for entry in details if entry.pk])
    versions = dict(rows.values_list("pk", "version"))
    for entry in details:
        entry.version = versions.get(entry.pk, 0)


def _differs(details: AccessDetails, names: Iterable[str]) -> bool:
    stored = AccessDetails.objects.filter(pk=details.pk).first()
    return stored is None or any(getattr(stored, name) != getattr(details, name) for name in names)


def _due(details: Iterable[AccessDetails]) -> list[AccessDetails]:
    """Of those that nobody knows yet."""
    now = timezone.now()
    return [entry for entry in details if not entry.version and is_due(details=entry, at=now)]


def _announce(workshop_id: int, role: str, entries: list[AccessDetails]) -> int:
    keys = [entry.pk for entry in entries]
    people = list(
        admitted(workshop_id=workshop_id, role=role)
        .select_related("participant__conference")
        .order_by("decided_at", "pk")
    )
    for entry in entries:
        if entry.personal_codes:
            give_codes(day_id=entry.day_id, role=role, registrations=people)
    AccessDetails.objects.filter(pk__in=keys).update(version=F("version") + 1)
    return sum(_tell(registration, entries) for registration in people)


def _tell(registration: Registration, entries: list[AccessDetails]) -> bool:
    own = with_own_codes(entries, registration)
    if not own:
        return False
    new = [entry for entry in own if not entry.version]
    _owe(registration, new=new, changed=[entry for entry in own if entry.version], announced=1)
    return True


def _owe(
    registration: Registration, *, new: list[AccessDetails], changed: list[AccessDetails], announced: int = 0
) -> None:
    """`announced` is added to each version: these details were read before it was counted up."""
    participant = registration.participant
    message = owe_message(
        kind=Message.Kind.ACCESS_CHANGED if changed else Message.Kind.ACCESS,
        recipient=participant.email,
        language=participant.language,
        participant=participant,
        registration=registration,
        link=link_for_mail(participant=participant),
        facts={"new": [entry.pk for entry in new], "changed": [entry.pk for entry in changed]},
    )
    versions = {entry.pk: entry.version + announced for entry in (*new, *changed)}
    note_told(registration=registration, versions=versions, message=message)
