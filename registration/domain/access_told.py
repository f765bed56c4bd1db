"""Who was written which version of access details: noted with the message, so that a list can say it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, UUIDField

from registration.domain.access_known import access_for, admitted
from registration.models import AccessDetails, AccessTold, Message, Registration

# The mails that hold the access details which exist when they are written.
ADMITTING = frozenset({Message.Kind.CONFIRMED, Message.Kind.PROMOTED, Message.Kind.WAITLISTED})


def note_told(*, registration: Registration, versions: Mapping[int, int], message: Message) -> None:
    """`versions` by the details' keys; a newer mail about the same version takes the place of an older one."""
    AccessTold.objects.bulk_create(
        [
            AccessTold(registration=registration, details_id=key, version=version, message=message)
            for key, version in versions.items()
        ],
        update_conflicts=True,
        unique_fields=["registration", "details", "version"],
        update_fields=["message"],
    )


def note_admission(*, registration: Registration, message: Message) -> None:
    """What a confirmation tells about getting in, as far as it has been announced by now."""
    if message.kind not in ADMITTING or registration.admitted_role is None:
        return
    versions = {entry.pk: entry.version for entry in access_for(registration=registration)}
    if versions:
        note_told(registration=registration, versions=versions, message=message)


def people_told(*, details: AccessDetails) -> QuerySet[Registration]:
    """Everybody these details are for, each with `received`, the newest version that left for them, `told_with`, the
    newest mail about them. Who has none comes first.
    """
    told = AccessTold.objects.filter(registration=OuterRef("pk"), details=details).order_by("-version", "-pk")
    sent = told.filter(message__status=Message.Status.SENT)
    received = Subquery(sent.values("version")[:1], output_field=IntegerField())
    people = admitted(workshop_id=details.day.workshop_id, role=details.role).annotate(
        received=received, told_with=Subquery(told.values("message")[:1], output_field=UUIDField())
    )
    return people.select_related("participant").order_by(
        F("received").asc(nulls_first=True), "participant__last_name", "participant__first_name", "pk"
    )


def not_reached(*, details: AccessDetails) -> QuerySet[Registration]:
    """Those for whom no mail with the present version has left yet."""
    reached = AccessTold.objects.filter(
        registration=OuterRef("pk"),
        details=details,
        version=details.version,
        message__status=Message.Status.SENT,
    )
    return people_told(details=details).filter(~Exists(reached))
