"""From a row of the outbox to the mail that leaves."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from conference.mail_provider import header_for
from registration.domain.outbox.memory import remembered
from registration.mails.alike import written_alike
from registration.mails.barrier import report_of
from registration.mails.calendar import attach_invites
from registration.mails.digest import conference_of
from registration.mails.document import document_of
from registration.mails.folded import FoldedMail
from registration.mails.letters import compose
from registration.mails.lines import one_line
from registration.mails.team import with_link
from registration.mails.written import Written, written
from registration.models import Message
from workshops.languages import choose, text_of
from workshops.models import Conference

BOTH = ("de", "tr")


def render(*, message: Message) -> EmailMultiAlternatives:
    """The mail a message owes, in its language, or in German and Turkish where that is unknown.

    What it says is read now: it is never stored. The Message-ID is the row's, the same for each attempt.
    """
    languages = (message.language,) if message.language else BOTH
    text = written_alike(message, languages) or _written(message, languages)
    conference, reply_to = _conference_and_answer(message)
    mail = FoldedMail(
        subject=text.subject,
        body=text.plain,
        from_email=sender_of(conference, languages),
        to=[message.recipient],
        reply_to=[reply_to],
        headers={
            "Message-ID": message.message_id,
            # RFC 3834, section 5: so that no out-of-office reply comes back.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "Content-Language": ", ".join(languages),
            **_unsubscribe_headers(text.way_out),
            **_number_for_smtp(message),
        },
    )
    mail.metadata = {"message": str(message.pk)}
    mail.attach_alternative(text.html, "text/html")
    attach_invites(mail, message=message, language=languages[0])
    return mail


def _written(message: Message, languages: Sequence[str]) -> Written:
    letters = [compose(message=message, language_code=code) for code in languages]
    return written([with_link(letter, message) for letter in letters])


def _unsubscribe_headers(address: str) -> dict[str, str]:
    """One click in the mail program ends mail nobody asked for (RFC 2369, section 3.2; RFC 8058, section 3.1)."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _number_for_smtp(message: Message) -> dict[str, str]:
    """Through the provider's own interface `metadata` says the same, in the provider's form."""
    if not settings.MAIL_PROVIDER or settings.EMAIL_BACKEND.startswith("anymail."):
        return {}
    return header_for(provider=settings.MAIL_PROVIDER, key=message.pk)


def _conference_and_answer(message: Message) -> tuple[Conference, str]:
    """The conference, and the address that a reply goes to."""
    if message.kind == Message.Kind.BARRIER_REPORT:
        report = report_of(message)
        return report.conference, report.email or report.conference.contact_email
    if message.kind == Message.Kind.BARRIER_ANSWER:
        conference = report_of(message).conference
        return conference, conference.contact_email
    if message.kind == Message.Kind.DOCUMENT:
        conference = document_of(message).conference
        return conference, conference.contact_email
    if message.kind in {Message.Kind.DIGEST, Message.Kind.TEAM}:
        conference = conference_of(message)
        return conference, conference.contact_email
    if message.participant is None:
        raise ValueError("this kind of message is about a participant")
    conference = message.participant.conference
    return conference, conference.contact_email


def sender_of(conference: Conference, languages: Sequence[str]) -> str:
    return remembered(("sender", conference.pk, *languages), lambda: _sender_of(conference, languages))


def _sender_of(conference: Conference, languages: Sequence[str]) -> str:
    names = text_of(conference, "sender_name")
    name = " / ".join(dict.fromkeys(one_line(choose(names, code)[0]) for code in languages))
    return _sender(name, settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=32)
def _sender(name: str, address: str) -> str:
    return formataddr((name, parseaddr(address)[1]))
