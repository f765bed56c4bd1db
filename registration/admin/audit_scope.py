"""Whose entries of the log of changes an organiser reads."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from registration.admin.scoping import own_invitations, own_participants
from registration.models import Invitation, Participant
from workshops.domain.scope import Scope


def own_entries(scope: Scope) -> Q:
    """Of a whole conference everything about it; of one workshop its rows and its people."""
    if scope.everything:
        return Q()
    owned = Q(pk__in=[])
    if scope.conferences:
        owned |= Q(additional_data__conference__in=list(scope.conferences))
    if scope.workshops:
        owned |= Q(additional_data__workshop__in=list(scope.workshops)) | _of_people(scope)
    return owned


def _of_people(scope: Scope) -> Q:
    people = Participant.objects.filter(own_participants(scope)).values("pk")
    invitations = Invitation.objects.filter(own_invitations(scope)).values("pk")
    return Q(content_type=ContentType.objects.get_for_model(Participant), object_id__in=people) | Q(
        content_type=ContentType.objects.get_for_model(Invitation), object_id__in=invitations
    )
