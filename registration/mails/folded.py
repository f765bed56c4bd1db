"""A mail whose long subject is folded the way every mail server accepts."""

from __future__ import annotations

from email.header import Header
from email.message import Message
from typing import Any

from django.core.mail import EmailMultiAlternatives

# RFC 2047, section 2 allows 75; "Subject: " has to stand before the first one on a line of at most 76.
_LONGEST_WORD = 62
_WHOLE = {"List-Unsubscribe"}


class FoldedMail(EmailMultiAlternatives):
    """Django encodes a long subject in words so long that the first line of the header stays empty.

    RFC 5322, section 3.2.2 does not let a header contain a line of white space only; some servers refuse it.
    `metadata` is what a mail provider sends back with each report about the mail (see django-anymail).
    """

    metadata: dict[str, str]

    def message(self, **options: Any) -> Any:
        mail = super().message(**options)
        del mail["Subject"]
        mail["Subject"] = short_words(str(self.subject))
        for name in _WHOLE.intersection(mail.keys()):
            whole = _Whole(str(mail[name]))
            del mail[name]
            # Not mail[name] = …: Django makes a plain text of it again, which would be folded.
            Message.__setitem__(mail, name, whole)
        return mail


class _Whole(Header):
    """Left on one line (RFC 5322, section 2.1.1 allows 998): folded, a long link leaves the first line empty, too."""

    def encode(self, *args: Any, **options: Any) -> str:
        return str(self)


def short_words(subject: str) -> str:
    """The subject as it is, or, with letters outside ASCII, as encoded words with a space between them."""
    if subject.isascii():
        return subject
    return " ".join(Header(subject, "utf-8", maxlinelen=_LONGEST_WORD).encode().split())
