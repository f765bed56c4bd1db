"""What people of one role may know of how to get in, and who they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy

from django.db.models import Q, QuerySet

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.domain.outbox.claim import WAITING
from registration.models import AccessCode, AccessDetails, Message, Registration

# `Registration.admitted_role` is one or the other, as a condition.
ADMITTED = Q(status=Registration.Status.CONFIRMED) | Q(listens_meanwhile=True)
_IN_ORDER = (
    AccessDetails.objects.filter(version__gt=0)
    .select_related("day")
    .only(*(field.attname for field in AccessDetails._meta.concrete_fields), "day__date", "day__workshop")
    .order_by("day__date", "day__opens", "day__pk")
)
_OF_ONE_WORKSHOP: KeptQuery[AccessDetails] = KeptQuery(
    lambda: _IN_ORDER.filter(day__workshop=key("workshop"))
)
# Of codes given: by day, role and registration.
Codes = dict[tuple[int, str, int], str]


def access_for(*, registration: Registration) -> list[AccessDetails]:
    """What this person needs to get in, day by day, as far as it has been announced and is enough to get in.

    Nothing unless they are admitted in that role today. With a personal code, it is in `own_code`.
    """
    return access_for_each(registrations=[registration])[registration.pk]


def access_for_each(*, registrations: Sequence[Registration]) -> dict[int, list[AccessDetails]]:
    """The same for several registrations, by their primary key, with one query, or three where codes are needed."""
    workshops = {entry.workshop_id for entry in registrations if entry.admitted_role is not None}
    there = [details for details in _announced(workshops) if details.is_complete]
    needs_codes = any(details.personal_codes for details in there)
    codes = _codes(there, _told(registrations)) if needs_codes else {}
    return {registration.pk: list(_own(there, registration, codes)) for registration in registrations}


def _announced(workshops: Collection[int]) -> list[AccessDetails]:
    if len(workshops) == 1:
        return _OF_ONE_WORKSHOP.all(workshop=next(iter(workshops)))
    return list(_IN_ORDER.filter(day__workshop__in=workshops)) if workshops else []


def _told(registrations: Sequence[Registration]) -> list[Registration]:
    """Without those whose decision may still be undone before its mail leaves: until then a code may go back."""
    undoable = {row.pk: row.before_decision["message"] for row in registrations if row.before_decision}
    waiting = Q(status__in=WAITING, attempts=0, pk__in=undoable.values())
    untold = (
        set(map(str, Message.objects.filter(waiting).values_list("pk", flat=True))) if undoable else set()
    )
    return [row for row in registrations if undoable.get(row.pk) not in untold]


def with_own_codes(details: Iterable[AccessDetails], registration: Registration) -> list[AccessDetails]:
    """These details as this person is told them; without those that need a code and there is none yet."""
    found = list(details)
    return list(_with_codes(found, registration, _codes(found, [registration])))


def admitted(*, workshop_id: int, role: str) -> QuerySet[Registration]:
    """The registrations whose `admitted_role` is `role`."""
    return Registration.objects.filter(admitted_as(role), workshop=workshop_id)


def admitted_as(role: str) -> Q:
    """`Registration.admitted_role` as a condition."""
    by_role = Q(status=Registration.Status.CONFIRMED, role=role)
    return by_role | Q(listens_meanwhile=True) if role == Registration.Role.LISTENER else by_role


def _own(there: Iterable[AccessDetails], registration: Registration, codes: Codes) -> Iterator[AccessDetails]:
    wanted = (registration.workshop_id, registration.admitted_role)
    own = (details for details in there if (details.day.workshop_id, details.role) == wanted)
    return _with_codes(own, registration, codes)


def _with_codes(
    details: Iterable[AccessDetails], registration: Registration, codes: Codes
) -> Iterator[AccessDetails]:
    for entry in details:
        code = codes.get((entry.day_id, entry.role, registration.pk), "")
        if entry.personal_codes and not code:
            continue
        # A copy: the same details serve others, whose codes are not this person's.
        own = copy(entry)
        own.own_code = code.strip() if entry.personal_codes else ""
        yield own


def _codes(details: Collection[AccessDetails], registrations: Collection[Registration]) -> Codes:
    days = {entry.day_id for entry in details if entry.personal_codes}
    if not days:
        return {}
    rows = AccessCode.objects.filter(day__in=days, registration__in=registrations)
    return {(row.day_id, row.role, row.registration_id or 0): row.code for row in rows}
