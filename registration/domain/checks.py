"""What the check of the programme cannot know by itself: whether those who registered will be let in."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

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
    found = AccessDetails.objects.filter(day__workshop__conference=conference)
    there = {(details.day_id, details.role) for details in found if details.is_complete}
    for workshop, day in look.days():
        missing = [role for role in _admitted(workshop) if (day.id, role) not in there]
        is_near = look.urgency(look.begins(day), days=DAYS_BEFORE) is Severity.WARNING
        if missing and is_near:
            yield _missing(workshop, day, missing)


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
