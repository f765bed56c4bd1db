"""What a message of the outbox says, for organisers' eyes: links and access details are marks in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from registration.mails.letter import Letter
from registration.mails.letters import compose
from registration.mails.mould import html_of
from registration.mails.plain import plain_of
from registration.mails.preview import without_secrets
from registration.mails.render import BOTH
from registration.models import Message
from workshops.languages import CODES

# Their button leads to a page that opens after signing in, an answer has none; the link to a password is made for
# sending only.
_WITHOUT_SECRETS = frozenset(
    {
        Message.Kind.BARRIER_REPORT,
        Message.Kind.BARRIER_ANSWER,
        Message.Kind.DOCUMENT,
        Message.Kind.DIGEST,
        Message.Kind.TEAM,
    }
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`is_sent_in`: whether this is a language in which the message goes to its reader."""

    language: str
    subject: str
    text: str
    html: str
    is_sent_in: bool


def preview_message(*, message: Message) -> tuple[Shown, ...]:
    """In each language, those it goes out in first, as it would be written now; empty where what it tells is gone."""
    wanted = (message.language,) if message.language else BOTH
    codes = (*wanted, *(code for code in CODES if code not in wanted))
    try:
        letters = [_letter(message, code) for code in codes]
    except (LookupError, ValueError, ObjectDoesNotExist):
        return ()
    return tuple(
        Shown(
            language=letter.language,
            subject=letter.subject,
            text=plain_of([letter]),
            html=html_of([letter]),
            is_sent_in=letter.language in wanted,
        )
        for letter in letters
    )


def _letter(message: Message, language: str) -> Letter:
    letter = compose(message=message, language_code=language)
    return letter if message.kind in _WITHOUT_SECRETS else without_secrets(letter)
