"""Invitations are written once for many: each gets the mail that would have been written for them alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import pytest
from django.utils import timezone

from registration.domain.outbox.memory import Memory, remembering
from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.mails.folded import FoldedMail
from registration.mails.letters import compose
from registration.mails.render import render
from registration.mails.written import Written, written
from registration.models import MailText, Message, PersonalLink
from tests import factories
from tests.outbox.conftest import Owe
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
NAMES = [
    ("Ayşe", "Yılmaz"),
    ("", ""),
    ('"O\'Brien" <b>&amp;', "{first_name} {titles} %(name)s %s"),
    ("a\nb\r\nBcc: x@example.org", "\u202eabc\u200f"),
    (".", "0x1x"),
    ("- **fett**", "[a](https://b.example)"),
    ("wort " * 19, "ş" * 100),
    ("'" * 100, "&" * 100),
    ("a\xa0b", "\x85\t\u2028"),
]
_CHANCE = re.compile(rb"=+\d{19}==|\r\nDate: [^\r]*")


def _owed(owe: Owe, language: str, names: Sequence[tuple[str, str]] = NAMES) -> list[Message]:
    messages = [owe(Message.Kind.INVITATION, language or "de") for _name in names]
    for message, (first, last) in zip(messages, names, strict=True):
        assert message.participant
        message.language = language
        message.participant.first_name, message.participant.last_name = first[:100], last[:100]
    return messages


def _by_itself(message: Message) -> Written:
    languages = [message.language] if message.language else ["de", "tr"]
    return written([compose(message=message, language_code=code) for code in languages])


def _texts(mail: object) -> tuple[object, ...]:
    assert isinstance(mail, FoldedMail)
    return mail.subject, mail.body, mail.alternatives[0][0], mail.extra_headers["List-Unsubscribe"]


def _same_as_by_itself(messages: Sequence[Message], memory: Memory) -> None:
    with remembering(memory):
        found = [render(message=message) for message in messages]
    texts = [_by_itself(message) for message in messages]
    expected = [(text.subject, text.plain, text.html, f"<{text.way_out}>") for text in texts]
    assert [_texts(mail) for mail in found] == expected


@pytest.mark.parametrize("language", ["de", "tr", "en", ""])
def test_it_says_what_a_letter_to_one_says_whoever_was_written_to_before(owe: Owe, language: str) -> None:
    _same_as_by_itself(_owed(owe, language), {})


@pytest.mark.parametrize("language", ["de", ""])
def test_what_goes_over_the_wire_is_what_django_would_send(owe: Owe, language: str) -> None:
    with remembering({}):
        mails = [render(message=message) for message in _owed(owe, language)]

    for mail in mails:
        assert isinstance(mail, FoldedMail)
        sent, theirs = mail.wire()[2], mail.message().as_bytes(linesep="\r\n")
        assert _CHANCE.sub(b"", sent) == _CHANCE.sub(b"", theirs)


@pytest.mark.parametrize(
    ("subject", "opening"),
    [
        ("Kommen Sie!", "Erster Absatz.\n\nZweiter, <b>wichtig</b>: 100 % & mehr."),
        ("{titles}", "Zu {conference}, von {contact}."),
        # No form lets it through; should it stand there all the same, it is nobody else's name.
        ("Für {full_name}", "Hallo {first_name}"),
        ("{", "}"),
    ],
)
def test_the_organisers_own_words_are_each_reader_s(
    owe: Owe, event: Workshop, subject: str, opening: str
) -> None:
    MailText.objects.create(
        conference=event.conference, kind="invitation", subject_de=subject, opening_de=opening
    )

    for language in ("de", "tr", ""):
        _same_as_by_itself(_owed(owe, language, NAMES[:3]), {})


def test_who_is_invited_to_something_else_or_has_another_link_is_told_so(owe: Owe, event: Workshop) -> None:
    usual, more, nothing, later, closed, expired, as_usual = _owed(owe, "de", NAMES[:1] * 7)
    assert more.invitation
    assert nothing.invitation
    more.invitation.workshops.add(factories.make_workshop(event.conference))
    nothing.invitation.workshops.clear()
    for message, day in ((later, 300), (expired, -1)):
        assert message.link
        message.link.expires_at = timezone.now() + dt.timedelta(days=day)
    assert closed.link
    closed.link.revoked_at = timezone.now()
    memory: Memory = {}

    _same_as_by_itself([usual, more, nothing, later, closed, expired, as_usual], memory)


def test_what_is_kept_for_others_names_nobody_and_opens_nothing(owe: Owe) -> None:
    memory: Memory = {}
    messages = _owed(owe, "", [("Ayşe-Canary", "Yılmaz-Canary"), ("Beyza-Canary", "")])

    with remembering(memory):
        mails = [render(message=message) for message in messages]

    links: list[PersonalLink] = [message.link for message in messages if message.link]
    secrets = ["Canary", *map(_token, links), *(unsubscribe_token(link=link) for link in links)]
    said = "".join(f"{mail.body}{mail.alternatives[0][0]}" for mail in mails)
    kept = "".join(_everything_in(value) for value in memory.values())
    assert [secret for secret in secrets if secret not in said] == []
    assert "Digitale Stadt" in kept
    assert [secret for secret in secrets if secret in kept] == []


def _token(link: PersonalLink) -> str:
    return token_of(link=link)


def _everything_in(value: object) -> str:
    """Also of what has no text of its own."""
    if isinstance(value, (str, bytes)):
        return value if isinstance(value, str) else value.decode()
    if isinstance(value, (list, tuple, set, frozenset)):
        return "".join(map(_everything_in, value))
    names = getattr(type(value), "__slots__", ()) or getattr(value, "__dict__", {})
    return repr(value) + "".join(_everything_in(getattr(value, name)) for name in names)
