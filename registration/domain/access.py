"""Access details: kept, announced to those they are for, and handed out to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet

from registration.domain.outbox.owe import owe_message
from registration.domain.transitions import link_for_mail
from registration.models import AccessDetails, Message, Registration
from workshops.models import Workshop, WorkshopDay

log = structlog.get_logger(__name__)


def save_access_details(*, details: AccessDetails, by: AbstractBaseUser | None) -> int:
    """Keeps the details of one day and role, announces them if they changed; returns the messages owed."""
    return save_all_access_details(details=[details], by=by)


def save_all_access_details(*, details: Sequence[AccessDetails], by: AbstractBaseUser | None) -> int:
    """The same for several days or roles at once: each person is written to once, about all of them."""
    with transaction.atomic():
        _lock_workshops(day.day_id for day in details)
        changed = [entry for entry in details if _is_changed(entry)]
        for entry in changed:
            entry.save()
        log.info("access details saved", details=[entry.pk for entry in changed], by=by.pk if by else None)
        return announce_access(details_ids=[entry.pk for entry in changed])


def announce_access(*, details_ids: Sequence[int]) -> int:
    """Owes each admitted person one message about these details, as far as they are for their role.

    Details announced before go out as changed; incomplete ones only then: what was sent no longer holds.
    """
    with transaction.atomic():
        found = AccessDetails.objects.filter(pk__in=details_ids).select_related("day")
        _lock_workshops(entry.day_id for entry in found)
        by_audience: dict[tuple[int, str], list[AccessDetails]] = defaultdict(list)
        for entry in found:
            if entry.is_complete or entry.version:
                by_audience[entry.day.workshop_id, entry.role].append(entry)
        return sum(_announce(workshop, role, entries) for (workshop, role), entries in by_audience.items())


def recipients_of(*, details: AccessDetails) -> int:
    """How many people are written to when these details change; for the organiser, before saving."""
    return admitted(workshop_id=details.day.workshop_id, role=details.role).count()


def access_for(*, registration: Registration) -> list[AccessDetails]:
    """What this person needs to get in, day by day; nothing unless they are admitted in that role today."""
    return access_for_each(registrations=[registration])[registration.pk]


def access_for_each(*, registrations: Sequence[Registration]) -> dict[int, list[AccessDetails]]:
    """The same for several registrations, by their primary key, with one query."""
    found = AccessDetails.objects.filter(day__workshop__in=[entry.workshop_id for entry in registrations])
    complete = [
        details
        for details in found.select_related("day").order_by("day__date", "day__opens", "day__pk")
        if details.is_complete
    ]
    return {
        registration.pk: [
            details
            for details in complete
            if (details.day.workshop_id, details.role)
            == (registration.workshop_id, registration.admitted_role)
        ]
        for registration in registrations
    }


def admitted(*, workshop_id: int, role: str) -> QuerySet[Registration]:
    """The registrations whose `admitted_role` is `role`."""
    return Registration.objects.filter(admitted_as(role), workshop=workshop_id)


def admitted_as(role: str) -> Q:
    """`Registration.admitted_role` as a condition."""
    by_role = Q(status=Registration.Status.CONFIRMED, role=role)
    return by_role | Q(listens_meanwhile=True) if role == Registration.Role.LISTENER else by_role


def _lock_workshops(day_ids: Iterable[int]) -> None:
    """Somebody who is being confirmed holds the workshop's row, too. Without waiting for each other we would
    not see their registration, and they not our details: they would never get any.
    """
    workshops = Workshop.objects.filter(
        pk__in=WorkshopDay.objects.filter(pk__in=set(day_ids)).values("workshop")
    )
    list(workshops.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def _is_changed(details: AccessDetails) -> bool:
    stored = AccessDetails.objects.filter(pk=details.pk).first()
    names = ("day_id", "role", *AccessDetails.SECRETS)
    return stored is None or any(getattr(stored, name) != getattr(details, name) for name in names)


def _announce(workshop_id: int, role: str, entries: list[AccessDetails]) -> int:
    new = [entry.pk for entry in entries if not entry.version]
    changed = [entry.pk for entry in entries if entry.version]
    AccessDetails.objects.filter(pk__in=[*new, *changed]).update(version=F("version") + 1)
    kind = Message.Kind.ACCESS_CHANGED if changed else Message.Kind.ACCESS
    registrations = admitted(workshop_id=workshop_id, role=role).select_related("participant__conference")
    for registration in registrations:
        owe_message(
            kind=kind,
            recipient=registration.participant.email,
            language=registration.participant.language,
            participant=registration.participant,
            registration=registration,
            link=link_for_mail(participant=registration.participant),
            facts={"new": new, "changed": changed},
        )
    return len(registrations)
