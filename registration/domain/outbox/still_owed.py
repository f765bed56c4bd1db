from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.models import AccessDetails, Invitation, Message, PersonalLink, Registration

_Kind = Message.Kind
_STATUS_TOLD = {
    _Kind.RECEIVED: Registration.Status.REQUESTED,
    _Kind.CONFIRMED: Registration.Status.CONFIRMED,
    _Kind.PROMOTED: Registration.Status.CONFIRMED,
    _Kind.WAITLISTED: Registration.Status.WAITLISTED,
    _Kind.DECLINED: Registration.Status.DECLINED,
    _Kind.CANCELLED: Registration.Status.CANCELLED,
}
_CLOSED = (Invitation.Status.DECLINED, Invitation.Status.EXPIRED, Invitation.Status.REVOKED)

INVITATION_CLOSED = gettext_noop("The invitation was declined, withdrawn or has expired.")
LINK_CLOSED = gettext_noop("The personal link was withdrawn or has expired.")
OVERTAKEN = gettext_noop("The registration has changed since; another e-mail says so.")
NOT_ADMITTED = gettext_noop("The registration is no longer confirmed in this role.")


def reason_gone(*, message: Message) -> str | None:
    """Why a message is no longer owed, asked right before it is sent; None while it is.

    A mail that says "confirmed" about a registration cancelled a minute ago would be wrong, however punctual.
    """
    if message.kind == _Kind.INVITATION and (
        message.invitation is None or message.invitation.status in _CLOSED
    ):
        return INVITATION_CLOSED
    if message.kind in {_Kind.INVITATION, _Kind.LINK} and not is_open(message.link):
        return LINK_CLOSED
    told = _STATUS_TOLD.get(_Kind(message.kind))
    if told and (message.registration is None or message.registration.status != told):
        return OVERTAKEN
    if message.kind in {_Kind.ACCESS, _Kind.ACCESS_CHANGED} and not _is_admitted(message):
        return NOT_ADMITTED
    return None


def is_open(link: PersonalLink | None) -> bool:
    """Whether a link opens anything at this moment."""
    return link is not None and link.revoked_at is None and link.expires_at > timezone.now()


def _is_admitted(message: Message) -> bool:
    """Who changed the role since has been told other details."""
    return message.registration is not None and details_announced(message=message).exists()


def details_announced(*, message: Message) -> QuerySet[AccessDetails]:
    """What an ACCESS or ACCESS_CHANGED message tells about, as far as it is this person's."""
    registration = message.registration
    if registration is None or registration.admitted_role is None:
        return AccessDetails.objects.none()
    announced = [*message.facts.get("new", []), *message.facts.get("changed", [])]
    return AccessDetails.objects.filter(
        pk__in=announced, day__workshop=registration.workshop_id, role=registration.admitted_role
    )
