"""Sends what is due: claim, render and send outside any transaction, write down the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import PurePath

import structlog
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection

from registration.domain.outbox.claim import claim_next, due_messages
from registration.domain.outbox.drop import drop_unless_undone
from registration.domain.outbox.fresh_link import freshen_link
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.pace import Pace
from registration.domain.outbox.results import record_failure, record_sent
from registration.domain.outbox.retry import (
    Failure,
    Fault,
    failure_of_connection,
    failure_of_sending,
    failure_of_writing,
)
from registration.domain.outbox.still_owed import reason_gone
from registration.models import Message

log = structlog.get_logger(__name__)
# A worker that is told to stop finishes its task first; nobody should wait longer than this for a batch.
BATCH_SECONDS = 5.0
# Who would wait longer for a turn leaves it to the sweep, which comes that often.
SWEEP_SECONDS = 10.0
# Within the lease, and long enough for a database that is restarted.
RECORD_SECONDS = 45.0
Render = Callable[[Message], EmailMessage]


def drain(*, render: Render, seconds: float = BATCH_SECONDS) -> bool:
    """Sends message after message over one connection; True where more is due when the time is up.

    False where nothing can be done now: nothing is due, all is taken, the mail server is away, or the
    operator's limit leaves it to a later sweep.
    """
    ends = time.monotonic() + seconds
    pace = Pace()
    with Mailer() as mailer:
        while due_messages().exists():
            if time.monotonic() >= ends:
                return True
            # Before the claim: a message that waits for its turn belongs to nobody.
            if wait := pace.wait():
                if wait > SWEEP_SECONDS:
                    return False
                time.sleep(min(wait, max(0.0, ends - time.monotonic())))
            elif not _deliver_next(mailer, pace, render):
                return False
    return False


def _deliver_next(mailer: Mailer, pace: Pace, render: Render) -> bool:
    """False where nothing can be done now: all is taken, or the mail server is away."""
    failure = _open(mailer)
    message = claim_next()
    if message is None:
        return False
    if failure is None:
        failure = _deliver(message, mailer, pace, render)
    else:
        # One row says what is wrong; the others need not pay an attempt for it.
        _write_down(message, failure)
    return failure is None or failure.fault is not Fault.SERVER


def _open(mailer: Mailer) -> Failure | None:
    try:
        mailer.open()
    except Exception as error:
        log.warning("mail server away", reason=type(error).__name__)
        return failure_of_connection(error)
    return None


def _deliver(message: Message, mailer: Mailer, pace: Pace, render: Render) -> Failure | None:
    if gone := reason_gone(message=message):
        _patiently(lambda: drop_unless_undone(message=message, reason=gone))
        return None
    freshen_link(message=message)
    mail = _write(message, render)
    outcome = failure_of_writing() if mail is None else _send(message, mail, mailer, pace)
    _write_down(message, outcome)
    return outcome if isinstance(outcome, Failure) else None


def _write(message: Message, render: Render) -> EmailMessage | None:
    try:
        return render(message)
    except Exception as error:
        # Not log.exception: the text of an error may quote what stands in the mail.
        log.error(  # noqa: TRY400
            "mail not written", message=str(message.pk), reason=type(error).__name__, where=_where(error)
        )
        return None


def _send(message: Message, mail: EmailMessage, mailer: Mailer, pace: Pace) -> str | Failure:
    """The provider's number for the mail where it has one, else an empty text; or what went wrong."""
    pace.used()
    try:
        return mailer.send(mail)
    except Exception as error:
        failure = failure_of_sending(error)
        log.warning(
            "mail not accepted",
            message=str(message.pk),
            reason=type(error).__name__,
            final=failure.fault is Fault.RECIPIENT,
        )
        return failure


def _write_down(message: Message, outcome: str | Failure) -> None:
    if isinstance(outcome, Failure):
        recorded = _patiently(lambda: record_failure(message=message, failure=outcome))
    else:
        recorded = _patiently(lambda: record_sent(message=message, provider_id=outcome))
    if not recorded:
        log.warning("claim was lost while sending", message=str(message.pk))


def _patiently(record: Callable[[], bool]) -> bool:
    """Repeats while the database is away: an accepted mail whose row does not say so would be sent again."""
    ends = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            return record()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() >= ends:
                raise
            connection.close()
            time.sleep(0.5)


def _where(error: Exception) -> str:
    """File and line of the fault; its text may quote what stands in the mail."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
