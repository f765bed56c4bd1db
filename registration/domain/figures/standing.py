"""Which registrations a number counts, so that the list it leads to counts the same."""

from __future__ import annotations

from django.db.models import Q

from registration.domain.access import admitted_as
from registration.models import Registration

# What a filter is asked for where nothing was given: no country, no organisation, no language.
NONE = "-"


def standing(path: str = "") -> Q:
    """Neither declined nor cancelled; `path` leads to the registration."""
    states = (Registration.Status.REQUESTED, Registration.Status.CONFIRMED, Registration.Status.WAITLISTED)
    return Q(**{f"{path}status__in": states})


def waiting() -> Q:
    """Somebody waits: for a decision, for a place, or with an offer that is theirs to answer."""
    return Q(status__in=(Registration.Status.REQUESTED, Registration.Status.WAITLISTED))


def holding(role: str) -> Q:
    """`Registration.held_roles` as a condition: whose places are taken."""
    return admitted_as(role) | Q(offered_until__isnull=False, role=role)
