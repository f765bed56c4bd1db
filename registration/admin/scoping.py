"""Whose people are whose: the rows of each table that an organiser's workshops lead to."""

from __future__ import annotations

from django.db.models import Q

from registration.models import Invitation, Registration
from workshops.domain.scope import Scope


def own_participants(scope: Scope, path: str = "") -> Q:
    """People invited to, or registered for, one's own workshops; `path` leads to the participant."""
    if scope.everything:
        return Q()
    conference = f"{path}__conference__in" if path else "conference__in"
    registered = Registration.objects.filter(workshop__in=scope.workshops).values("participant")
    invited = Invitation.workshops.through.objects.filter(workshop__in=scope.workshops)
    key = path or "pk"
    return (
        Q(**{conference: scope.conferences})
        | Q(**{f"{key}__in": registered})
        | Q(**{f"{key}__in": invited.values("invitation__participant")})
    )


def own_invitations(scope: Scope, path: str = "") -> Q:
    if scope.everything:
        return Q()
    through = Invitation.workshops.through.objects.filter(workshop__in=scope.workshops)
    key, conference = (
        (path or "pk"),
        f"{path}__participant__conference__in" if path else "participant__conference__in",
    )
    return Q(**{conference: scope.conferences}) | Q(**{f"{key}__in": through.values("invitation")})


def own_messages(scope: Scope) -> Q:
    """Mail about one's own workshops, links sent to one's own people; for leads, reports on the site."""
    if scope.everything:
        return Q()
    about_nothing = Q(registration__isnull=True, invitation__isnull=True, participant__isnull=False)
    owned = (
        scope.own_workshops("registration__workshop")
        | Q(invitation__isnull=False) & own_invitations(scope, "invitation")
        | about_nothing & own_participants(scope, "participant")
    )
    return owned | Q(participant__isnull=True) if scope.conferences else owned


def about_workshop(workshop_id: int) -> Q:
    """Mail about one workshop: about a registration for it, or an invitation to it among others."""
    invited = Invitation.workshops.through.objects.filter(workshop=workshop_id).values("invitation")
    return Q(registration__workshop=workshop_id) | Q(invitation__in=invited)
