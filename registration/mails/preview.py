"""How a mail with the organisers' own words will look, for an example person: nothing of it is kept or sent."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from registration.domain.announcements.group import example_of
from registration.domain.tokens import issue_link
from registration.mails.example_change import example_change
from registration.mails.letter import AccessDay, Detail, Letter, Section
from registration.mails.letters import compose
from registration.mails.sections import event_of
from registration.models import (
    AccessDetails,
    Announcement,
    Invitation,
    MailText,
    Message,
    Participant,
    PersonalLink,
    Registration,
)
from workshops.languages import CODES
from workshops.models import Conference, Workshop

_Kind, _Status = Message.Kind, Registration.Status
_STATUS: dict[str, str] = {
    _Kind.RECEIVED: _Status.REQUESTED,
    _Kind.CONFIRMED: _Status.CONFIRMED,
    _Kind.PROMOTED: _Status.CONFIRMED,
    _Kind.WAITLISTED: _Status.WAITLISTED,
    _Kind.MOVED_UP: _Status.WAITLISTED,
    _Kind.OFFERED: _Status.WAITLISTED,
    _Kind.OFFER_LAPSED: _Status.CANCELLED,
    _Kind.DECLINED: _Status.DECLINED,
    _Kind.CANCELLED: _Status.CANCELLED,
    _Kind.ACCESS: _Status.CONFIRMED,
    _Kind.ACCESS_CHANGED: _Status.CONFIRMED,
    _Kind.DAY_BEFORE: _Status.CONFIRMED,
    _Kind.HOUR_BEFORE: _Status.CONFIRMED,
    _Kind.THANKS: _Status.CONFIRMED,
    _Kind.PROGRAMME_CHANGED: _Status.CONFIRMED,
}
_STAYS_OUT = "•••"


def preview_letters(*, text: MailText) -> tuple[Letter, ...]:
    """The letter in each language as it is really composed, from rows that are rolled back.

    `text` need not be saved. Real access details stand in none of them.
    """
    with transaction.atomic():
        copy(text).save()
        message = _example_message(text)
        letters = _compose(message)
        transaction.set_rollback(True)
    return tuple(without_secrets(letter) for letter in letters)


def preview_invitation(
    *, conference: Conference, workshops: Sequence[Workshop], kind: str = _Kind.INVITATION
) -> tuple[Letter, ...]:
    """An invitation, or its reminder, to these workshops in each language, with the texts that hold now."""
    with transaction.atomic():
        message = _message_to_example(conference, kind)
        message.invitation = _example_invitation(message, workshops)
        letters = _compose(message)
        transaction.set_rollback(True)
    return tuple(without_secrets(letter) for letter in letters)


def preview_announcement(*, announcement: Announcement) -> tuple[Letter, ...]:
    """A message to a group as somebody of that group would get it; nothing where nobody belongs to it."""
    registration = example_of(announcement=announcement)
    if registration is None:
        return ()
    person = registration.participant
    # Not kept: the example needs a link that is open, not one that opens anything.
    link = PersonalLink(participant=person, seed="example", expires_at=timezone.now() + dt.timedelta(days=30))
    message = Message(
        kind=_Kind.ANNOUNCEMENT,
        recipient=person.email,
        participant=person,
        registration=registration,
        link=link,
        facts={"announcement": announcement.pk},
    )
    return tuple(without_secrets(letter) for letter in _compose(message))


def _compose(message: Message) -> tuple[Letter, ...]:
    return tuple(compose(message=message, language_code=code) for code in CODES)


def _message_to_example(conference: Conference, kind: str) -> Message:
    participant = Participant.objects.create(
        conference=conference,
        email=f"{secrets.token_hex(8)}@example.org",
        first_name="Ayşe",
        last_name="Yılmaz",
        organisation="Bursa",
    )
    link = issue_link(participant=participant)
    return Message(kind=kind, participant=participant, link=link, recipient=participant.email)


def _example_message(text: MailText) -> Message:
    message = _message_to_example(text.conference, text.kind)
    workshop = _example_workshop(text.conference)
    if text.kind in Message.CANVASSING:
        message.invitation = _example_invitation(message, [workshop])
    elif text.kind == _Kind.PROGRAMME_CHANGED and message.participant is not None:
        _example_registration(message.participant, workshop, text.kind)
        message.facts = example_change(workshop=workshop)
    elif text.kind in _STATUS and message.participant is not None:
        message.registration = _example_registration(message.participant, workshop, text.kind)
        message.facts = _example_facts(message.registration)
    return message


def _example_invitation(message: Message, workshops: Sequence[Workshop]) -> Invitation:
    owner: Any = message.participant
    link: Any = message.link
    invitation = Invitation.objects.create(participant=owner, link=link)
    invitation.workshops.set(workshops)
    return invitation


def _example_workshop(conference: Conference) -> Workshop:
    """The conference's first one; before there is any, one with a title and no days."""
    workshop = conference.workshops.order_by("position", "pk").first()
    return workshop or Workshop.objects.create(conference=conference, slug="example", position=1, title="…")


def _example_registration(participant: Participant, workshop: Workshop, kind: str) -> Registration:
    waits = _STATUS[kind] == _Status.WAITLISTED
    return Registration.objects.create(
        participant=participant,
        workshop=workshop,
        role=Registration.Role.ACTIVE,
        status=_STATUS[kind],
        waiting_since=timezone.now() if waits else None,
        offered_until=timezone.now() + dt.timedelta(days=1) if kind == _Kind.OFFERED else None,
    )


def _example_facts(registration: Registration) -> dict[str, Any]:
    """What each kind looks for: access details, a day, what is thanked for."""
    days = event_of(registration).days
    return {
        "new": list(_details_of(registration.workshop)),
        "registrations": [registration.pk],
        **({"day": days[0].id} if days else {}),
    }


def _details_of(workshop: Workshop) -> tuple[int, ...]:
    found = AccessDetails.objects.filter(day__workshop=workshop, role=Registration.Role.ACTIVE)
    return tuple(found.values_list("pk", flat=True))


def without_secrets(letter: Letter) -> Letter:
    sections = tuple(replace(section, access=_masked(section)) for section in letter.sections)
    return replace(without_links(letter), sections=sections)


def without_links(letter: Letter) -> Letter:
    """Without the example's links, which have been rolled back with everything else."""
    button = replace(letter.button, url=_address("invitation", letter)) if letter.button else None
    way_out = letter.unsubscribe and replace(letter.unsubscribe, url=_address("unsubscribe", letter))
    return replace(letter, button=button, unsubscribe=way_out)


def _address(name: str, letter: Letter) -> str:
    """As a reader knows it, with dots for what is theirs alone."""
    with override(letter.language):
        path = reverse(f"registration:{name}", kwargs={"token": "token"})
    return settings.BASE_URL + path.replace("/token/", "/…/")


def _masked(section: Section) -> tuple[AccessDay, ...]:
    return tuple(replace(day, details=tuple(map(_mask, day.details))) for day in section.access)


def _mask(detail: Detail) -> Detail:
    return Detail(detail.label, _STAYS_OUT)
