"""What the check of the programme cannot know by itself: whether those who registered will be let in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from registration.domain.access_codes.shortage import short_of_codes
from registration.models import AccessDetails, Registration
from workshops.domain.checks.finding import Finding, Place, Severity, in_each_language
from workshops.domain.checks.findings_for import add_check
from workshops.domain.checks.look import Look
from workshops.domain.checks.words import day_name, day_place
from workshops.domain.programme import DayEntry, WorkshopEntry
from workshops.models import Conference

DAYS_BEFORE = 7


@add_check
def access_details_there(conference: Conference, look: Look) -> Iterator[Finding]:
    """In the last days before it begins, a day needs access details for everybody who can be admitted to it."""
    for workshop, day, roles in without_access_details(conference, look):
        if look.urgency(look.begins(day), days=DAYS_BEFORE) is Severity.WARNING:
            yield _missing(workshop, day, roles)


@add_check
def personal_codes_enough(conference: Conference, look: Look) -> Iterator[Finding]:
    """Nobody gets in without a code of their own, so that more are needed as soon as they run out."""
    details = short_of_codes(AccessDetails.objects.filter(day__workshop__conference=conference))
    short = {(entry.day_id, entry.role): entry for entry in details}
    for workshop, day in look.days():
        for role in Registration.Role:
            if (day.id, role) in short and look.begins(day) > look.at:
                yield _short(workshop, day, role, short[day.id, role])


def _short(workshop: WorkshopEntry, day: DayEntry, role: Registration.Role, details: Any) -> Finding:
    count = details.codes_short
    message = in_each_language(
        lambda: (
            ngettext(
                "%(day)s: there is no personal access code for %(count)d person (%(role)s).",
                "%(day)s: there is no personal access code for %(count)d people (%(role)s).",
                count,
            )
            % {"day": day_name(workshop, day), "count": count, "role": role.label}
        )
    )
    page = reverse("admin:registration_accessdetails_codes", args=[details.pk])
    text = in_each_language(lambda: gettext("Upload more codes"))
    upload = Place(text, workshop=workshop.id, page=page)
    return Finding("access-codes-missing", Severity.WARNING, message, (day_place(workshop, day), upload))


def without_access_details(
    conference: Conference, look: Look
) -> Iterator[tuple[WorkshopEntry, DayEntry, list[Registration.Role]]]:
    """Each day, and the roles in which somebody can be admitted to it and would not get in."""
    found = AccessDetails.objects.filter(day__workshop__conference=conference)
    there = {(details.day_id, details.role) for details in found if details.is_complete}
    for workshop, day in look.days():
        if missing := [role for role in _admitted(workshop) if (day.id, role) not in there]:
            yield workshop, day, missing


def _admitted(workshop: WorkshopEntry) -> list[Registration.Role]:
    """A limit of no places at all means that nobody is admitted in that role."""
    limits = {
        Registration.Role.ACTIVE: workshop.capacity_active,
        Registration.Role.LISTENER: workshop.capacity_listener,
    }
    return [role for role, limit in limits.items() if limit != 0]


def _missing(workshop: WorkshopEntry, day: DayEntry, roles: list[Registration.Role]) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("%(day)s: there are no access details yet (%(roles)s).")
            % {"day": day_name(workshop, day), "roles": ", ".join(str(role.label) for role in roles)}
        )
    )
    places = (day_place(workshop, day), *(_form(workshop, day, role) for role in roles))
    return Finding("access-details-missing", Severity.WARNING, message, places)


def _form(workshop: WorkshopEntry, day: DayEntry, role: Registration.Role) -> Place:
    text = in_each_language(lambda: gettext("Enter access details (%(role)s)") % {"role": role.label})
    query = urlencode({"day": str(day.id), "role": role.value})
    page = f"{reverse('admin:registration_accessdetails_add')}?{query}"
    return Place(text, workshop=workshop.id, page=page)
