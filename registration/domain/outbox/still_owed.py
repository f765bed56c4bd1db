from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.domain.changes_told import changes_told
from registration.domain.suppress import suppressed
from registration.models import AccessDetails, Invitation, Message, PersonalLink, Registration, Suppression

_Kind = Message.Kind
_Status = Registration.Status
_CLOSED = (Invitation.Status.DECLINED, Invitation.Status.EXPIRED, Invitation.Status.REVOKED)

INVITATION_CLOSED = gettext_noop("The invitation was declined, withdrawn or has expired.")
LINK_CLOSED = gettext_noop("The personal link was withdrawn or has expired.")
OVERTAKEN = gettext_noop("The registration has changed since; another e-mail says so.")
NOT_ADMITTED = gettext_noop("The registration is no longer confirmed in this role.")
NOTHING_CHANGED = gettext_noop("The change was taken back, or the registration is no longer valid.")
UNWANTED = {
    Suppression.Reason.UNSUBSCRIBED: gettext_noop(
        "This person does not want to be invited: they unsubscribed."
    ),
    Suppression.Reason.DECLINED: gettext_noop(
        "This person does not want to be invited: they declined before."
    ),
    Suppression.Reason.COMPLAINED: gettext_noop("This person reported our mail as spam."),
    Suppression.Reason.BOUNCED: gettext_noop("An earlier mail came back: this address does not exist."),
}


def reason_gone(*, message: Message) -> str | None:
    """Why a message is no longer owed, asked right before it is sent; None while it is.

    A mail that says "confirmed" about a registration cancelled a minute ago would be wrong, however punctual.
    """
    if message.kind == _Kind.INVITATION and (
        message.invitation is None or message.invitation.status in _CLOSED
    ):
        return INVITATION_CLOSED
    if unwanted := _unwanted(message):
        return unwanted
    if message.kind in {_Kind.INVITATION, _Kind.LINK} and not is_open(message.link):
        return LINK_CLOSED
    if message.kind in _SAYS_TODAY and not _says_today(message):
        return OVERTAKEN
    return _nothing_to_tell(message)


def _nothing_to_tell(message: Message) -> str | None:
    """These mails say what is so when they are sent; by then nothing of it may be left for this person."""
    if message.kind in {_Kind.ACCESS, _Kind.ACCESS_CHANGED} and not _is_admitted(message):
        return NOT_ADMITTED
    if message.kind == _Kind.PROGRAMME_CHANGED and not changes_told(message=message):
        return NOTHING_CHANGED
    return None


def _unwanted(message: Message) -> str | None:
    """Somebody may have said no, or an address have bounced, since the message was written."""
    person = message.participant
    if message.kind not in Message.CANVASSING or person is None:
        return None
    found = suppressed(conference=person.conference, email=message.recipient)
    return UNWANTED[Suppression.Reason(found.reason)] if found else None


def _is(*states: Registration.Status) -> Callable[[Message, Registration], bool]:
    return lambda _message, registration: registration.status in states


def _stands_in_queue(_message: Message, registration: Registration) -> bool:
    return registration.status == _Status.WAITLISTED and registration.offered_until is None


def _is_offered(message: Message, registration: Registration) -> bool:
    """This very offer, and there is still time to answer it."""
    until = registration.offered_until
    return (
        until is not None
        and until > timezone.now()
        and int(until.timestamp()) == message.facts.get("offered_until")
    )


def _is_out_of_queue(_message: Message, registration: Registration) -> bool:
    listens = registration.status == _Status.CONFIRMED and registration.role == Registration.Role.LISTENER
    return listens or registration.status == _Status.CANCELLED


# What each mail says about a registration, and whether that is still so.
_SAYS_TODAY: dict[str, Callable[[Message, Registration], bool]] = {
    _Kind.RECEIVED: _is(_Status.REQUESTED),
    _Kind.CONFIRMED: _is(_Status.CONFIRMED),
    _Kind.PROMOTED: _is(_Status.CONFIRMED),
    _Kind.WAITLISTED: _stands_in_queue,
    _Kind.MOVED_UP: _stands_in_queue,
    _Kind.OFFERED: _is_offered,
    _Kind.OFFER_LAPSED: _is_out_of_queue,
    _Kind.DECLINED: _is(_Status.DECLINED),
    _Kind.CANCELLED: _is(_Status.CANCELLED),
}


def _says_today(message: Message) -> bool:
    registration = message.registration
    return registration is not None and _SAYS_TODAY[message.kind](message, registration)


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
