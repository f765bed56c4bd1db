"""What the letters about registrations are made of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.domain.waitlist import waiting_position
from registration.mails.letter import OwnText, Section
from registration.mails.lines import one_line, shortened
from registration.mails.sections import event_of
from registration.models import Message, Registration
from registration.sentences import sentence_for
from workshops.languages import active_language, choose

TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Body:
    """What differs from kind to kind. The organisers' own words replace subject and opening, never the facts."""

    subject: str
    opening: tuple[str, ...]
    text: OwnText | None = None
    facts: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    button: str = ""
    closing: tuple[str, ...] = ()


def registration_of(message: Message) -> Registration:
    if message.registration is None:
        raise ValueError("this kind of message is about a registration")
    return message.registration


def state_of(registration: Registration) -> str:
    zones = registration.participant.conference.zones
    position = waiting_position(registration=registration)
    return str(sentence_for(registration, zones=zones, position=position).text)


def reason_of(registration: Registration) -> tuple[str, ...]:
    """Why it was declined, in the organisers' own words; in none but theirs."""
    reason = one_line(registration.decision_note)
    return (_("The organisers’ reason: %(reason)s") % {"reason": reason},) if reason else ()


def title_of(registration: Registration) -> dict[str, str]:
    title = choose(event_of(registration).title, active_language())[0]
    return {"title": shortened(title, TITLE_LENGTH)}
