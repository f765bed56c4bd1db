from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Hashable
from functools import cache

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from conference.models import User
from registration.domain.announcements.still_meant import reason_not_meant
from registration.domain.by_the_clock.digest import is_wanted
from registration.domain.by_the_clock.still_due import reason_to_keep_back
from registration.domain.changes_told import changes_told
from registration.domain.invitation_lists.still_open import workshops_left
from registration.domain.outbox.memory import remembered
from registration.domain.suppress import suppressed
from registration.domain.team.still_on_team import is_on_team, is_their_address
from registration.models import (
    AccessDetails,
    BarrierReport,
    Document,
    Invitation,
    Message,
    PersonalLink,
    Registration,
    Suppression,
)
from workshops.models import Conference

_Kind = Message.Kind
_Status = Registration.Status
_CLOSED = (Invitation.Status.DECLINED, Invitation.Status.EXPIRED, Invitation.Status.REVOKED)

INVITATION_CLOSED = gettext_noop("The invitation was declined, withdrawn or has expired.")
INVITATION_ANSWERED = gettext_noop("The invitation has been answered in the meantime.")
NOTHING_LEFT = gettext_noop("One can no longer register for what the invitation was about.")
LINK_CLOSED = gettext_noop("The personal link was withdrawn or has expired.")
OVERTAKEN = gettext_noop("The registration has changed since; another e-mail says so.")
NOT_ADMITTED = gettext_noop("The registration is no longer confirmed in this role.")
DOCUMENT_GONE = gettext_noop("The document is no longer kept.")
DIGEST_UNWANTED = gettext_noop("This organiser no longer wants the overview.")
REPORT_GONE = gettext_noop("Whoever reported the barrier is no longer known.")
NOT_ON_TEAM = gettext_noop("This organiser is no longer on the team.")
OTHER_ADDRESS = gettext_noop("This organiser’s account has another address by now.")
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
    for check in _checks_of(message.kind):
        if reason := check(message):
            return reason
    return None


@cache
def _checks_of(kind: str) -> tuple[Callable[[Message], str | None], ...]:
    return tuple(check for check, kinds in _CHECKS.items() if kind in kinds)


def _invitation_closed(message: Message) -> str | None:
    is_closed = message.invitation is None or message.invitation.status in _CLOSED
    return INVITATION_CLOSED if is_closed else None


def _document_gone(message: Message) -> str | None:
    return None if _is_kept(message) else DOCUMENT_GONE


def _report_gone(message: Message) -> str | None:
    own = {"pk": message.facts["barrier_report"], "email": message.recipient}
    return None if BarrierReport.objects.filter(**own).exists() else REPORT_GONE


def _link_closed(message: Message) -> str | None:
    return None if is_open(message.link) else LINK_CLOSED


def _overtaken(message: Message) -> str | None:
    return None if _says_today(message) else OVERTAKEN


def _not_admitted(message: Message) -> str | None:
    is_admitted = message.registration is not None and message.registration.admitted_role is not None
    return None if is_admitted else NOT_ADMITTED


def _not_admitted_so(message: Message) -> str | None:
    """Who changed the role since has been told other details."""
    is_admitted = message.registration is not None and details_announced(message=message).exists()
    return None if is_admitted else NOT_ADMITTED


def _digest_unwanted(message: Message) -> str | None:
    user = User.objects.filter(pk=message.facts["user"]).first()
    conference = Conference.objects.filter(pk=message.facts["conference"]).first()
    if user and conference and is_wanted(user=user, conference=conference):
        return None
    return DIGEST_UNWANTED


def _left_the_team(message: Message) -> str | None:
    if not is_on_team(message=message):
        return NOT_ON_TEAM
    return None if is_their_address(message=message) else OTHER_ADDRESS


def _reminds_of_nothing(message: Message) -> str | None:
    invitation = message.invitation
    if invitation is None:
        return None
    if invitation.status == Invitation.Status.ACCEPTED:
        return INVITATION_ANSWERED
    return None if workshops_left(invitation=invitation, at=timezone.now()) else NOTHING_LEFT


def _nothing_to_tell(message: Message) -> str | None:
    """It says what is so when it is sent; by then nothing of it may be left for this person."""
    return None if changes_told(message=message) else NOTHING_CHANGED


def _unwanted(message: Message) -> str | None:
    """Somebody may have said no, or an address have bounced, since the message was written."""
    person = message.participant
    if person is None:
        return None
    found = remembered(
        suppression_key(person.conference_id, message.recipient),
        lambda: suppressed(conference=person.conference, email=message.recipient),
    )
    return UNWANTED[Suppression.Reason(found.reason)] if found else None


def suppression_key(conference_id: int, recipient: str) -> Hashable:
    return "suppression", conference_id, recipient


def _is_kept(message: Message) -> bool:
    key = uuid.UUID(int=message.facts["document"])
    return Document.objects.filter(pk=key, status=Document.Status.READY).exists()


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


def details_announced(*, message: Message) -> QuerySet[AccessDetails]:
    """What an ACCESS or ACCESS_CHANGED message tells about, as far as it is this person's."""
    registration = message.registration
    if registration is None or registration.admitted_role is None:
        return AccessDetails.objects.none()
    announced = [*message.facts.get("new", []), *message.facts.get("changed", [])]
    return AccessDetails.objects.filter(
        pk__in=announced, day__workshop=registration.workshop_id, role=registration.admitted_role
    )


# What is asked of which kinds, in this order.
_CHECKS: dict[Callable[[Message], str | None], Collection[str]] = {
    _invitation_closed: Message.CANVASSING,
    _document_gone: (_Kind.DOCUMENT,),
    _report_gone: (_Kind.BARRIER_ANSWER,),
    _unwanted: Message.UNASKED,
    _link_closed: (_Kind.INVITATION, _Kind.REMINDER, _Kind.LINK),
    _reminds_of_nothing: (_Kind.REMINDER,),
    _overtaken: _SAYS_TODAY,
    _not_admitted: (_Kind.DAY_BEFORE, _Kind.HOUR_BEFORE, _Kind.THANKS),
    _not_admitted_so: (_Kind.ACCESS, _Kind.ACCESS_CHANGED),
    _nothing_to_tell: (_Kind.PROGRAMME_CHANGED,),
    _digest_unwanted: (_Kind.DIGEST,),
    _left_the_team: (_Kind.TEAM,),
    lambda message: reason_to_keep_back(message=message): (_Kind.DAY_BEFORE, _Kind.HOUR_BEFORE),
    lambda message: reason_not_meant(message=message): (_Kind.ANNOUNCEMENT,),
}
