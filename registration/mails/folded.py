"""A mail whose long subject is folded the way every mail server accepts."""

from __future__ import annotations

from email.header import Header
from typing import Any

from django.core.mail import EmailMultiAlternatives

# RFC 2047, section 2 allows 75; "Subject: " has to stand before the first one on a line of at most 76.
_LONGEST_WORD = 62


class FoldedMail(EmailMultiAlternatives):
    """Django encodes a long subject in words so long that the first line of the header stays empty.

    RFC 5322, section 3.2.2 does not let a header contain a line of white space only; some servers refuse it.
    """

    def message(self, **options: Any) -> Any:
        mail = super().message(**options)
        del mail["Subject"]
        mail["Subject"] = short_words(str(self.subject))
        return mail


def short_words(subject: str) -> str:
    """The subject as it is, or, with letters outside ASCII, as encoded words with a space between them."""
    if subject.isascii():
        return subject
    return " ".join(Header(subject, "utf-8", maxlinelen=_LONGEST_WORD).encode().split())
