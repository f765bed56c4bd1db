"""Sends what is due: claim, render and send outside any transaction, write down the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import PurePath

import structlog
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection

from registration.domain.outbox.claim import claim_next, due_messages
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.results import record_cancelled, record_failure, record_sent
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
# Within the lease, and long enough for a database that is restarted.
RECORD_SECONDS = 45.0
Render = Callable[[Message], EmailMessage]


def drain(*, render: Render, seconds: float = BATCH_SECONDS) -> bool:
    """Sends message after message over one connection; True where more is due when the time is up."""
    ends = time.monotonic() + seconds
    with Mailer() as mailer:
        while due_messages().exists():
            if time.monotonic() >= ends:
                return True
            if not _deliver_next(mailer, render):
                return False
    return False


def _deliver_next(mailer: Mailer, render: Render) -> bool:
    """False where nothing can be done now: all is taken, or the mail server is away."""
    failure = _open(mailer)
    message = claim_next()
    if message is None:
        return False
    if failure is not None:
        # One row says what is wrong; the others need not pay an attempt for it.
        _patiently(lambda: record_failure(message=message, failure=failure))
        return False
    _deliver(message, mailer, render)
    return True


def _open(mailer: Mailer) -> Failure | None:
    try:
        mailer.open()
    except Exception as error:
        log.warning("mail server away", reason=type(error).__name__)
        return failure_of_connection(error)
    return None


def _deliver(message: Message, mailer: Mailer, render: Render) -> None:
    if gone := reason_gone(message=message):
        _patiently(lambda: record_cancelled(message=message, reason=gone))
        return
    failure = _attempt(message, mailer, render)
    if failure is None:
        recorded = _patiently(lambda: record_sent(message=message))
    else:
        recorded = _patiently(lambda: record_failure(message=message, failure=failure))
    if not recorded:
        log.warning("claim was lost while sending", message=str(message.pk))


def _attempt(message: Message, mailer: Mailer, render: Render) -> Failure | None:
    try:
        mail = render(message)
    except Exception as error:
        # Not log.exception: the text of an error may quote what stands in the mail.
        log.error(  # noqa: TRY400
            "mail not written", message=str(message.pk), reason=type(error).__name__, where=_where(error)
        )
        return failure_of_writing()
    try:
        mailer.send(mail)
    except Exception as error:
        failure = failure_of_sending(error)
        log.warning(
            "mail not accepted",
            message=str(message.pk),
            reason=type(error).__name__,
            final=failure.fault is Fault.RECIPIENT,
        )
        return failure
    return None


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
