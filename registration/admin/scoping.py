"""Whose people are whose: the rows of each table that an organiser's workshops lead to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registration.domain.transitions import NotPossible
from registration.models import Invitation, Message, Participant, Registration
from workshops.domain.scope import Area, Scope
from workshops.models import Workshop


def own_participants(scope: Scope, path: str = "") -> Q:
    """People invited to, or registered for, one's own workshops; `path` leads to the participant."""
    if scope.everything:
        return Q()
    conference = f"{path}__conference__in" if path else "conference__in"
    registered = Registration.objects.filter(workshop__in=scope.workshops).order_by().values("participant")
    invited = Invitation.workshops.through.objects.filter(workshop__in=scope.workshops)
    # One list of people, which the database reads once, and not two beside each other for every row.
    known = Q(**{f"{path or 'pk'}__in": registered.union(invited.values("invitation__participant"))})
    return known | Q(**{conference: scope.conferences}) if scope.conferences else known


def own_invitations(scope: Scope, path: str = "") -> Q:
    if scope.everything:
        return Q()
    through = Invitation.workshops.through.objects.filter(workshop__in=scope.workshops)
    key, conference = (
        (path or "pk"),
        f"{path}__participant__conference__in" if path else "participant__conference__in",
    )
    known = Q(**{f"{key}__in": through.values("invitation")})
    return known | Q(**{conference: scope.conferences}) if scope.conferences else known


def own_messages(scope: Scope) -> Q:
    """Mail about one's own workshops, links sent to one's own people; for leads, reports on the site.

    By keys alone: with the tables joined, a hundred thousand rows take a second.
    """
    if scope.everything:
        return Q()
    owned = _of_workshops(scope) if scope.workshops else Q(pk__in=())
    # A registration, an invitation and their mail are all of one conference, which is the person's.
    if scope.conferences:
        owned |= Q(participant__conference__in=scope.conferences)
    return owned | _of_the_whole(scope) if scope.conferences else owned


def _of_workshops(scope: Scope) -> Q:
    registrations = Registration.objects.filter(workshop__in=scope.workshops).order_by().values("pk")
    invitations = Invitation.workshops.through.objects.filter(workshop__in=scope.workshops)
    people = Participant.objects.filter(own_participants(replace(scope, conferences=frozenset()))).order_by()
    of_a_person = Q(registration__isnull=True, invitation__isnull=True, participant__isnull=False)
    of_a_change = Q(kind=Message.Kind.PROGRAMME_CHANGED)
    return (
        Q(registration__in=registrations)
        | Q(invitation__in=invitations.values("invitation"))
        | of_a_person & ~of_a_change & Q(participant__in=people.values("pk"))
        | of_a_change & _tells_of(scope.workshops)
    )


def _of_the_whole(scope: Scope) -> Q:
    """Mail to organisers, and answers to those who reported a barrier; an overview or an answer only of one's own
    conference, what invites a colleague only for its owners.
    """
    kinds = (
        (Message.Kind.DIGEST, scope),
        (Message.Kind.BARRIER_ANSWER, scope),
        (Message.Kind.TEAM, scope.changing(Area.TEAM)),
    )
    others = Q(pk__in=())
    for kind, own in kinds:
        others |= Q(kind=kind) & ~Q(facts__conference__in=list(own.conferences))
    return Q(participant__isnull=True) & ~others


def about_workshop(workshop_id: int) -> Q:
    """Mail about one workshop: about a registration for it, an invitation to it or a change of it among others."""
    invited = Invitation.workshops.through.objects.filter(workshop=workshop_id).values("invitation")
    return Q(registration__workshop=workshop_id) | Q(invitation__in=invited) | _tells_of({workshop_id})


def _tells_of(workshops: Collection[int]) -> Q:
    """Mail about a change of any of these. As text: SQLite cannot ask a JSON list what it contains."""
    if not workshops:
        return Q(pk__in=())
    numbers = "|".join(str(int(key)) for key in sorted(workshops))
    return Q(facts__workshops__regex=rf"(^|[^0-9])({numbers})([^0-9]|$)")


def require_all_own(scope: Scope, *, workshops: QuerySet[Workshop]) -> None:
    """One mail may be about several workshops; who looks after one of them does not act for the others.

    Raises NotPossible.
    """
    if not scope.everything and workshops.exclude(scope.own_workshops()).exists():
        raise NotPossible(_("This also concerns a workshop that you do not look after."))


def with_own_workshops(invitations: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Each with those of its workshops that are the organiser's, in `own_workshops`."""
    own = Workshop.objects.filter(scope.own_workshops())
    return invitations.prefetch_related(Prefetch("workshops", own, "own_workshops"))


def names_of_own_workshops(invitation: Any) -> str:
    """Of an invitation read through `with_own_workshops`."""
    return ", ".join(str(workshop) for workshop in invitation.own_workshops)
