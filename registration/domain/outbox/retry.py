"""What a failed attempt means, and how long to wait for the next one."""

from __future__ import annotations

import datetime as dt
import random
import re
import smtplib
import sys
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.core.mail import BadHeaderError
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from anymail.exceptions import AnymailError

_MINUTES = (0.5, 2, 10, 30, 60, 120, 240, 360, 360, 360)
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in _MINUTES)
WAITS_FOR_SERVER = tuple(dt.timedelta(minutes=minutes) for minutes in (0.5, 2, 5))
_JITTER = 0.2
# After so many attempts.
LONGEST_WAITS = (dt.timedelta(), *(wait * (1 + _JITTER) for wait in WAITS))
_REASON_LENGTH = 500
# What a provider's HTTP answer says about us or about itself, not about the message (RFC 9110, section 15).
_OUR_FAULT = {401, 402, 403, 404, 405}
_AWAY = {429, 502, 503, 504}
_LATER = {408, 409, 425}
_PAGE = re.compile(r"https?://\S+")


class Fault(Enum):
    """Whose fault it is, which decides what happens next."""

    RECIPIENT = "final: this recipient or this mail will never be accepted"
    MOMENT = "retryable: it may be accepted later; given up after the last wait"
    SERVER = "retryable: our mail server is away; no message is given up for that"


@dataclass(frozen=True, slots=True)
class Failure:
    """`reason` is for organisers: a sentence of ours, translated where shown, or the server's words."""

    fault: Fault
    reason: str


UNREACHABLE = gettext_noop("The mail server cannot be reached.")
REFUSES_US = gettext_noop("The mail server does not let us send.")
SLOW = gettext_noop("The mail server did not answer in time.")
LOST = gettext_noop("The connection to the mail server was lost.")
UNSENDABLE = gettext_noop("The mail server cannot send to this address.")
UNWRITTEN = gettext_noop("The mail could not be written.")
REFUSED = gettext_noop("The mail provider refuses this address.")
WORKER_DIED = gettext_noop("The worker ended while it was sending.")


def failure_of_connection(error: Exception) -> Failure:
    """Opening a connection, signing in included, concerns no single message."""
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(Fault.SERVER, REFUSES_US)
    return Failure(Fault.SERVER, UNREACHABLE)


def failure_of_sending(error: Exception) -> Failure:
    """Splits what the mail server said, or failed to say, about one message."""
    # Who raised one has loaded its module, which is too large for every process that reads this one.
    anymail = sys.modules.get("anymail.exceptions")
    if anymail is not None and isinstance(error, anymail.AnymailError):
        return _failure_of_provider(error)
    return _failure_of_smtp(error)


def _failure_of_smtp(error: Exception) -> Failure:
    """RFC 5321, section 4.2.1."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _reply(*next(iter(error.recipients.values())))
        case smtplib.SMTPSenderRefused():
            # Our own address is refused: a matter for the operator, whatever the code.
            return Failure(Fault.MOMENT, _words(error.smtp_code, error.smtp_error))
        case smtplib.SMTPResponseException():
            return _reply(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError() | BadHeaderError() | UnicodeError():
            return Failure(Fault.RECIPIENT, UNSENDABLE)
        case OSError():  # every other error of smtplib as well
            # smtplib calls a server that is slow "disconnected" and keeps the timeout as the context.
            slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            return Failure(Fault.MOMENT, SLOW if slow else LOST)
    return failure_of_writing()


def _failure_of_provider(error: AnymailError) -> Failure:
    """A provider is asked over HTTP, each message by itself: only sending shows that it is away."""
    import requests  # noqa: PLC0415
    from anymail import exceptions  # noqa: PLC0415

    # The first that fits: what requests calls a connection error includes a timeout of connecting.
    known = (
        (exceptions.AnymailRecipientsRefused, Failure(Fault.RECIPIENT, REFUSED)),
        (exceptions.AnymailInvalidAddress, Failure(Fault.RECIPIENT, UNSENDABLE)),
        (requests.ConnectionError, Failure(Fault.SERVER, UNREACHABLE)),
        (requests.Timeout, Failure(Fault.MOMENT, SLOW)),
    )
    for kind, failure in known:
        if isinstance(error, kind):
            return failure
    if not isinstance(error, exceptions.AnymailAPIError):
        return failure_of_writing()
    if (error.status_code or 0) < 400:
        # An answer that nobody understands may have been an acceptance.
        return Failure(Fault.MOMENT, LOST)
    return _answer(error.status_code, error)


def _answer(code: int, error: AnymailError) -> Failure:
    if code in _OUR_FAULT:
        return Failure(Fault.SERVER, REFUSES_US)
    text = getattr(error.response, "text", "")
    if code in _AWAY:
        return Failure(Fault.SERVER, _words(code, text))
    later = code in _LATER or code >= 500
    return Failure(Fault.MOMENT if later else Fault.RECIPIENT, _words(code, text))


def failure_of_writing() -> Failure:
    """A fault of ours, or of the settings: the operator may mend it within the day."""
    return Failure(Fault.MOMENT, UNWRITTEN)


def next_wait(*, attempts: int, fault: Fault, chance: float | None = None) -> dt.timedelta | None:
    """How long to wait after the `attempts`-th attempt (from 1); None where the message is given up.

    `chance` (0 to 1) spreads the next attempts, so that a server that was away is not met by all at once.
    """
    waits = WAITS_FOR_SERVER if fault is Fault.SERVER else WAITS
    if fault is Fault.RECIPIENT or (fault is Fault.MOMENT and attempts > len(waits)):
        return None
    wait = waits[min(attempts, len(waits)) - 1]
    return wait * (1 + _JITTER * (random.random() if chance is None else chance))  # noqa: S311 (spreads load)


def attempts_counted(*, attempts: int, fault: Fault) -> int:
    """A mail server that was away for days must not use up the attempts a message has."""
    return min(attempts, len(WAITS_FOR_SERVER)) if fault is Fault.SERVER else attempts


def _reply(code: int, text: bytes | str) -> Failure:
    return Failure(Fault.RECIPIENT if 500 <= code < 600 else Fault.MOMENT, _words(code, text))


def _words(code: int, text: bytes | str) -> str:
    """The server's reply on one line, without addresses of pages: a filter may quote the personal link."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return " ".join([str(code), *_PAGE.sub("…", printable).split()])[:_REASON_LENGTH]
