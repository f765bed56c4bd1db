from __future__ import annotations

import datetime as dt
import smtplib

import pytest
from django.core.mail import BadHeaderError

from registration.domain.outbox.retry import (
    WAITS,
    Failure,
    Fault,
    attempts_counted,
    failure_of_connection,
    failure_of_sending,
    next_wait,
)

REFUSED = {"ada@example.org": (550, b"5.1.1 no such user")}
LATER = {"ada@example.org": (451, b"4.7.1 greylisted")}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused(REFUSED), Failure(Fault.RECIPIENT, "550 5.1.1 no such user")),
        (smtplib.SMTPRecipientsRefused(LATER), Failure(Fault.MOMENT, "451 4.7.1 greylisted")),
        (smtplib.SMTPDataError(554, b"spam"), Failure(Fault.RECIPIENT, "554 spam")),
        (smtplib.SMTPDataError(452, b"full"), Failure(Fault.MOMENT, "452 full")),
        (smtplib.SMTPSenderRefused(550, b"who?", "us@example.org"), Failure(Fault.MOMENT, "550 who?")),
        (
            smtplib.SMTPServerDisconnected("gone"),
            Failure(Fault.MOMENT, "The connection to the mail server was lost."),
        ),
        (ConnectionResetError(), Failure(Fault.MOMENT, "The connection to the mail server was lost.")),
        (TimeoutError(), Failure(Fault.MOMENT, "The mail server did not answer in time.")),
        (BadHeaderError(), Failure(Fault.RECIPIENT, "The mail server cannot send to this address.")),
        (
            smtplib.SMTPNotSupportedError(),
            Failure(Fault.RECIPIENT, "The mail server cannot send to this address."),
        ),
        (KeyError("x"), Failure(Fault.MOMENT, "The mail could not be written.")),
    ],
)
def test_what_the_mail_server_says_decides(error: Exception, expected: Failure) -> None:
    assert failure_of_sending(error) == expected


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(), "The mail server cannot be reached."),
        (TimeoutError(), "The mail server cannot be reached."),
        (smtplib.SMTPAuthenticationError(535, b"no"), "The mail server does not let us send."),
        (smtplib.SMTPConnectError(421, b"busy"), "The mail server does not let us send."),
    ],
)
def test_a_server_that_is_away_is_no_message_s_fault(error: Exception, reason: str) -> None:
    assert failure_of_connection(error) == Failure(Fault.SERVER, reason)


def test_a_reply_is_kept_on_one_line_without_the_personal_link_it_may_quote() -> None:
    reply = b"rejected:\r\n https://example.org/de/invitation/secret/ is\x00 listed"

    assert failure_of_sending(smtplib.SMTPDataError(554, reply)).reason == "554 rejected: … is listed"


def test_waits_grow_from_half_a_minute_to_six_hours_over_more_than_a_day() -> None:
    waits = [next_wait(attempts=n, fault=Fault.MOMENT, chance=0) for n in range(1, 12)]

    assert waits == [*WAITS, None]
    assert (WAITS[0], WAITS[-1]) == (dt.timedelta(seconds=30), dt.timedelta(hours=6))
    assert list(WAITS) == sorted(WAITS)
    assert sum(WAITS, dt.timedelta()) > dt.timedelta(hours=24)


def test_chance_spreads_the_attempts_but_never_shortens_a_wait() -> None:
    assert next_wait(attempts=1, fault=Fault.MOMENT, chance=1) == dt.timedelta(seconds=36)
    assert all(
        dt.timedelta(seconds=30) <= (next_wait(attempts=1, fault=Fault.MOMENT) or dt.timedelta())
        for _ in range(50)
    )


def test_a_recipient_who_is_refused_is_not_tried_again() -> None:
    assert next_wait(attempts=1, fault=Fault.RECIPIENT) is None


def test_a_server_that_is_away_for_days_uses_up_no_attempt() -> None:
    assert [next_wait(attempts=n, fault=Fault.SERVER, chance=0) for n in (1, 3, 500)] == [
        dt.timedelta(seconds=30),
        dt.timedelta(minutes=5),
        dt.timedelta(minutes=5),
    ]
    assert attempts_counted(attempts=500, fault=Fault.SERVER) == 3
    assert attempts_counted(attempts=7, fault=Fault.MOMENT) == 7
