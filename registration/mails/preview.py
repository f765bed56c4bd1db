"""How a mail with the organisers' own words will look, for an example person: nothing of it is kept or sent."""

from __future__ import annotations

import datetime as dt
import secrets
from copy import copy
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from registration.domain.tokens import issue_link
from registration.mails.example_change import example_change
from registration.mails.letter import AccessDay, Detail, Letter, Section
from registration.mails.letters import compose
from registration.models import AccessDetails, Invitation, MailText, Message, Participant, Registration
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
        letters = tuple(compose(message=message, language_code=code) for code in CODES)
        transaction.set_rollback(True)
    return tuple(_without_secrets(letter) for letter in letters)


def _example_message(text: MailText) -> Message:
    participant = Participant.objects.create(
        conference=text.conference,
        email=f"{secrets.token_hex(8)}@example.org",
        first_name="Ayşe",
        last_name="Yılmaz",
        organisation="Bursa",
    )
    link = issue_link(participant=participant)
    message = Message(kind=text.kind, participant=participant, link=link, recipient=participant.email)
    workshop = _example_workshop(text.conference)
    if text.kind == _Kind.INVITATION:
        message.invitation = Invitation.objects.create(participant=participant, link=link)
        message.invitation.workshops.add(workshop)
    elif text.kind == _Kind.PROGRAMME_CHANGED:
        _example_registration(participant, workshop, text.kind)
        message.facts = example_change(workshop=workshop)
    elif text.kind in _STATUS:
        message.registration = _example_registration(participant, workshop, text.kind)
        message.facts = {"new": list(_details_of(workshop))}
    return message


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


def _details_of(workshop: Workshop) -> tuple[int, ...]:
    found = AccessDetails.objects.filter(day__workshop=workshop, role=Registration.Role.ACTIVE)
    return tuple(found.values_list("pk", flat=True))


def _without_secrets(letter: Letter) -> Letter:
    """Also without the example's links, which have been rolled back with everything else."""
    sections = tuple(replace(section, access=_masked(section)) for section in letter.sections)
    button = replace(letter.button, url=_address("invitation", letter)) if letter.button else None
    way_out = letter.unsubscribe and replace(letter.unsubscribe, url=_address("unsubscribe", letter))
    return replace(letter, sections=sections, button=button, unsubscribe=way_out)


def _address(name: str, letter: Letter) -> str:
    """As a reader knows it, with dots for what is theirs alone."""
    with override(letter.language):
        path = reverse(f"registration:{name}", kwargs={"token": "token"})
    return settings.BASE_URL + path.replace("/token/", "/…/")


def _masked(section: Section) -> tuple[AccessDay, ...]:
    return tuple(replace(day, details=tuple(map(_mask, day.details))) for day in section.access)


def _mask(detail: Detail) -> Detail:
    return Detail(detail.label, _STAYS_OUT)
