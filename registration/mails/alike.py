"""Invitations, written once for all whom a batch invites to the same, with gaps for what is one person's.

A reader is named in the greeting, and has two addresses of their own. Everything else is the same for everybody; as
nothing of it is about one person, it may be kept until the batch has left (see `remembered`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from registration.domain.outbox.memory import remembered
from registration.domain.outbox.still_owed import is_open
from registration.domain.outbox.workshops_of import workshops_of
from registration.mails.gaps import Gapped, mark
from registration.mails.letter import Letter
from registration.mails.letters import compose, greeting_of, way_in, way_out
from registration.mails.mould import escaped
from registration.mails.own_words import says_the_same_to_all
from registration.mails.plain import plain_greeting
from registration.mails.written import Written, written
from registration.models import Message, Participant, PersonalLink

# What is one person's, in each language: greeting, personal link, the way out.
_EACH = 3


@dataclass(frozen=True, slots=True)
class _Alike:
    subject: str
    plain: Gapped
    html: Gapped


def written_alike(message: Message, languages: Sequence[str]) -> Written | None:
    """None for another kind, and where the organisers' own words differ from one reader to the next."""
    person, link = message.participant, message.link
    if message.kind != Message.Kind.INVITATION or person is None or link is None or not is_open(link):
        return None
    alike = remembered(_key(message, link), lambda: _alike(message, person, languages))
    return _filled(alike, person, link, languages) if alike else None


def _key(message: Message, link: PersonalLink) -> Hashable:
    """All that an invitation depends on, apart from what is one person's, and from what holds for the whole batch."""
    invited = workshops_of(message.invitation) if message.invitation else ()
    return (
        "alike",
        message.language,
        link.expires_at,
        message.participant and message.participant.conference_id,
        *[workshop.pk for workshop in invited],
    )


def _alike(message: Message, person: Participant, languages: Sequence[str]) -> _Alike | None:
    if not says_the_same_to_all(conference_id=person.conference_id, kind=message.kind):
        return None
    letters = [compose(message=message, language_code=code) for code in languages]
    marked = written([_marked(letter, number * _EACH) for number, letter in enumerate(letters)])
    return _Alike(marked.subject, Gapped(marked.plain), Gapped(marked.html))


def _marked(letter: Letter, first: int) -> Letter:
    return replace(
        letter,
        greeting=mark(first),
        button=letter.button and replace(letter.button, url=mark(first + 1)),
        unsubscribe=letter.unsubscribe and replace(letter.unsubscribe, url=mark(first + 2)),
    )


def _filled(alike: _Alike, person: Participant, link: PersonalLink, languages: Sequence[str]) -> Written:
    words: list[str] = []
    plain: list[str] = []
    for code in languages:
        greeting, addresses = greeting_of(person, code), (way_in(link, code), way_out(link, code))
        words += (greeting, *addresses)
        plain += (plain_greeting(greeting), *addresses)
    return Written(
        subject=alike.subject,
        plain=alike.plain.filled_for_wire(plain),
        html=alike.html.filled_for_wire(escaped(words)),
        way_out=words[2],
    )
