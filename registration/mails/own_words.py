"""The organisers' own subject and opening, in place of ours, with the placeholders filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from conference.kept_queries import KeptQuery
from conference.query_slots import key, text
from registration.domain.outbox.memory import remembered
from registration.domain.outbox.workshops_of import workshops_of
from registration.domain.placeholders import fill
from registration.domain.waitlist import waiting_position
from registration.mails.changes import titles_of
from registration.mails.events import Event, events_of
from registration.mails.lines import one_line, shortened
from registration.mails.times import moment_text, row_of, row_text
from registration.models import MailText, Message, Participant, Registration
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference
from workshops.templatetags.texts import short_date

# A header line holds 998 characters (RFC 5322, section 2.1.1); a subject nobody reads to its end is cut far earlier.
LONGEST_SUBJECT = 200
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")

_TEXT: KeptQuery[MailText] = KeptQuery(
    lambda: MailText.objects.filter(conference=key("conference"), kind=text("kind"))
)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Empty where the organisers wrote nothing in the active language: ours are sent then."""

    subject: str = ""
    opening: tuple[str, ...] = ()


def own_words(message: Message) -> OwnWords:
    """In the active language only: who has no Turkish text of their own sends our Turkish one."""
    participant = message.participant
    if participant is None:
        return OwnWords()
    found = _text_for(participant.conference_id, message.kind)
    if found is None:
        return OwnWords()
    subject = text_of(found, "subject")[active_language()]
    opening = text_of(found, "opening")[active_language()]
    values = values_of(message, participant) if "{" in subject + opening else {}
    return OwnWords(
        subject=shortened(one_line(fill(text=subject, values=values)), LONGEST_SUBJECT),
        opening=paragraphs(opening, values),
    )


def says_the_same_to_all(*, conference_id: int, kind: str) -> bool:
    """Where the organisers fill nothing in, in no language."""
    found = _text_for(conference_id, kind)
    texts = (*text_of(found, "subject").values(), *text_of(found, "opening").values()) if found else ()
    return not any("{" in text for text in texts)


def _text_for(conference_id: int, kind: str) -> MailText | None:
    return remembered(("text", conference_id, kind), lambda: _TEXT.first(conference=conference_id, kind=kind))


def paragraphs(text: str, values: dict[str, str]) -> tuple[str, ...]:
    """Split where the organisers left a line empty, before anything is filled in: a name starts no paragraph."""
    lines = "\n".join(text.splitlines())
    filled = (one_line(fill(text=part, values=values)) for part in _BETWEEN_PARAGRAPHS.split(lines))
    return tuple(paragraph for paragraph in filled if paragraph)


def values_of(message: Message, participant: Participant) -> dict[str, str]:
    """Every value on one line. Neither access details nor the link are among them."""
    values = _of_the_conference(participant.conference) | _of_the_person(participant)
    if message.invitation is not None:
        values["titles"] = _titles(events_of(participant.conference, workshops_of(message.invitation)))
    if message.kind == Message.Kind.PROGRAMME_CHANGED:
        values["titles"] = ", ".join(titles_of(message))
    if message.registration is not None:
        values |= _of_the_registration(message.registration, message.facts.get("day"))
    return {name: one_line(value) for name, value in values.items()}


def _of_the_conference(conference: Conference) -> dict[str, str]:
    name = choose(text_of(conference, "name"), active_language())[0]
    return {"conference": name, "contact": conference.contact_email}


def _of_the_person(participant: Participant) -> dict[str, str]:
    names = ("first_name", "last_name", "full_name", "organisation")
    return {name: str(getattr(participant, name)) for name in names}


def _of_the_registration(registration: Registration, day_id: int | None) -> dict[str, str]:
    """`day_id`: the one day the mail is about, if it is about one."""
    conference = registration.participant.conference
    event = events_of(conference, [registration.workshop])[0]
    days = [day for day in event.days if day_id in {None, day.id}]
    offered = registration.offered_until
    unknown = _("to be announced")
    return {
        "title": _titles((event,)),
        "date": ", ".join(dict.fromkeys(short_date(day.date) for day in days)) or unknown,
        "times": "; ".join(row_text(row_of(day)) for day in days) or unknown,
        "position": str(waiting_position(registration=registration) or ""),
        "deadline": moment_text(offered, conference.zones) if offered else "",
    }


def _titles(events: tuple[Event, ...]) -> str:
    return ", ".join(choose(event.title, active_language())[0] for event in events)
