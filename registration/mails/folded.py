"""A mail whose long subject is folded the way every mail server accepts, and which is written quickly."""

from __future__ import annotations

import re
import secrets
import time
from email.header import Header
from email.message import Message
from email.utils import formatdate, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.core.mail.message import sanitize_address

from registration.mails.gaps import WireText

# RFC 2047, section 2 allows 75; "Subject: " has to stand before the first one on a line of at most 76.
_LONGEST_WORD = 62
_WHOLE = {"List-Unsubscribe"}
# What they say is the same in many mails, and about nobody.
_OF_MANY = {
    "From",
    "Date",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "List-Unsubscribe-Post",
}
# What needs neither encoding nor folding nor a second look.
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,200}")
_PLAIN_VALUE = re.compile(r"[!-~]+(?: [!-~]+)*")
_LONGEST_LINE = 76
# RFC 5322, section 2.1.1.
_LONGEST_TEXT_LINE = 998


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

    def wire(self) -> tuple[str, list[str], bytes]:
        """Sender, recipients and bytes, as Django would send them; of a mail of the common form without its objects."""
        content = self._quickly() or self.message().as_bytes(linesep="\r\n")
        recipients = [one if _PLAIN_ADDRESS.fullmatch(one) else _address(one) for one in self.recipients()]
        return _sender(self.from_email), recipients, content

    def _quickly(self) -> bytes | None:
        """The same bytes, put together from ready lines; None where that is not enough."""
        is_common = len(self.to) == len(self.alternatives) == 1 and not (
            self.cc or self.bcc or self.attachments
        )
        if (
            not is_common
            or not self.body
            or "Message-ID" not in self.extra_headers
            or not _PLAIN_ADDRESS.fullmatch(self.to[0])
            or not all(_PLAIN_VALUE.fullmatch(self.extra_headers.get(name, "-")) for name in _WHOLE)
        ):
            return None
        html, kind = self.alternatives[0]
        boundary = f"==============={secrets.randbits(63):019d}=="
        between = f"--{boundary}".encode()
        plain, rich = _text("text/plain", self.body), _text(kind, html)
        if plain is None or rich is None or between in plain or between in rich:
            return None
        head = "".join(self._head(boundary)).encode("ascii")
        return b"\r\n".join([head, between, plain, between, rich, between + b"--", b""])

    def _head(self, boundary: str) -> list[str]:
        """In Django's order; what is folded again comes last."""
        headers = {"From": self.from_email, "To": self.to[0]}
        if self.reply_to:
            headers["Reply-To"] = ", ".join(self.reply_to)
        headers["Date"] = _date(int(time.time()), settings.EMAIL_USE_LOCALTIME)
        headers |= self.extra_headers
        whole = [f"{name}: {headers.pop(name)}\r\n" for name in _WHOLE if name in headers]
        headers["Subject"] = short_words(str(self.subject))
        return [
            f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\nMIME-Version: 1.0\r\n',
            *[
                (_kept_line if name in _OF_MANY else _line)(name, str(value))
                for name, value in headers.items()
            ],
            *whole,
        ]


@lru_cache(maxsize=1)
def _date(second: int, in_local_time: bool) -> str:
    return formatdate(second, localtime=in_local_time)


def _line(name: str, value: str) -> str:
    if len(name) + len(value) < _LONGEST_LINE and _PLAIN_VALUE.fullmatch(value):
        return f"{name}: {value}\r\n"
    return _folded(name, value)


_kept_line = lru_cache(maxsize=64)(_line)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> str:
    mail = SafeMIMEMultipart()
    mail[name] = value
    return mail.policy.fold(name, mail[name]).replace("\n", "\r\n")


def _text(kind: str, text: Any) -> bytes | None:
    """A part in UTF-8 as it is; None where its lines are too long for that, or end in an unusual way."""
    given: WireText = text if isinstance(text, WireText) else WireText.of(str(text))
    if "\r" in given or not _has_short_lines(given.wire):
        return None
    bits = "7bit" if given.isascii() else "8bit"
    head = f'Content-Type: {kind}; charset="utf-8"\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: {bits}\r\n\r\n'
    return head.encode() + given.wire


def _has_short_lines(content: bytes) -> bool:
    """Looks for the last end of a line that is near enough, again and again: quicker than line by line."""
    start, size, most = 0, len(content), _LONGEST_TEXT_LINE + 2
    while size - start > _LONGEST_TEXT_LINE:
        end = content.rfind(b"\n", start, start + most) + 1
        if not end:
            return False
        start = end
    return True


@lru_cache(maxsize=64)
def _sender(address: str) -> str:
    return parseaddr(_address(address))[1]


def _address(address: str) -> str:
    return sanitize_address(address, "utf-8")


class _Whole(Header):
    """Left on one line (RFC 5322, section 2.1.1 allows 998): folded, a long link leaves the first line empty, too."""

    def encode(self, *args: Any, **options: Any) -> str:
        return str(self)


def short_words(subject: str) -> str:
    """The subject as it is, or, with letters outside ASCII, as encoded words with a space between them."""
    return subject if subject.isascii() else _words(subject)


@lru_cache(maxsize=256)
def _words(subject: str) -> str:
    return " ".join(Header(subject, "utf-8", maxlinelen=_LONGEST_WORD).encode().split())
