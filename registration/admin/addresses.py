"""E-mail addresses are for those who look after people; who only sees registrations reads names without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest

from registration.models import Registration
from workshops.admin.base import scope_for
from workshops.domain.scope import Area, Right, Scope


def sees_addresses(request: HttpRequest) -> bool:
    """Of anybody at all."""
    return people_scope(request).grants(Right.TEAM)


def sees_all_addresses(request: HttpRequest) -> bool:
    """Of everybody whose registration this organiser sees."""
    return people_scope(request) == scope_for(request, Area.REGISTRATIONS)


def people_scope(request: HttpRequest) -> Scope:
    return scope_for(request, Area.PEOPLE)


def searched(request: HttpRequest, fields: Sequence[str]) -> Sequence[str]:
    """Finding somebody by an address would tell whose it is."""
    if sees_all_addresses(request):
        return fields
    return [name for name in fields if not name.endswith("email")]


def withhold_addresses(request: HttpRequest, registrations: Iterable[Registration]) -> None:
    """On these objects, which are only shown; they must not be saved."""
    scope = people_scope(request)
    for row in registrations:
        conference_id = row.workshop.conference_id
        if scope.covers_workshop(conference_id=conference_id, workshop_id=row.workshop_id):
            continue
        row.participant.email = ""
        if not row.participant.full_name:
            row.participant.last_name = "–"  # It is called by its address otherwise.
