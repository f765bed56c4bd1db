"""One message after the other: while the server waits for the text of one, the one before is written down and the next
written.

No mail is accepted before the row of the one before says that it was sent: should the worker die, there is one mail
at most of which nobody knows whether it arrived.

The database may write such a row to its disk a moment later, with a commit that waits for it: at the latest with the
next claim. Should the database break down before, the worker still knows what was sent, and writes it once more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

import structlog
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError

from conference.logs import write_line
from registration.domain.outbox.batches import FRESH_SECONDS, Batches
from registration.domain.outbox.drop import drop_unless_undone
from registration.domain.outbox.fresh_link import freshen_link
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.memory import remembering
from registration.domain.outbox.pace import Pace
from registration.domain.outbox.patience import patiently
from registration.domain.outbox.results import (
    begin,
    record_again,
    record_failure,
    record_put_back,
    record_sent,
    record_sent_and_begin,
)
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
Render = Callable[[Message], EmailMessage]
# With the provider's number for it.
_Sent = tuple[Message, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Ready:
    """Begun, and written; `since` (monotonic) tells how old what it says is."""

    message: Message
    mail: EmailMessage
    since: float

    @property
    def is_stale(self) -> bool:
        return time.monotonic() - self.since > FRESH_SECONDS


@dataclass(slots=True)
class Delivery:
    """Nothing is begun after `ends` (monotonic). With `is_limited` mails wait for turns: none is prepared ahead."""

    mailer: Mailer
    pace: Pace
    render: Render
    batches: Batches
    ends: float
    is_limited: bool = False
    _accepted: _Sent | None = None
    # Recorded, but perhaps not on the database's disk yet.
    _unsettled: list[_Sent] = field(default_factory=list)
    _next: _Ready | None = None
    _has_looked: bool = False
    _is_away: bool = False
    _error: Exception | None = field(default=None, repr=False)

    def run(self) -> bool:
        """False where nothing can be done now: nothing is due, all is taken, or the mail server is away."""
        failure = self._open()
        message = self.batches.claim()
        if message is None:
            return False
        try:
            if failure is not None:
                # One row says what is wrong; the others need not pay an attempt for it.
                self._write_down(message, failure)
                return False
            self._next = self._ready(message) or self._look()
            while (ready := self._next) is not None:
                self._next = None
                self._deliver(ready)
        finally:
            self._end()
        return not self._is_away

    def _deliver(self, ready: _Ready) -> None:
        if failure := self._open():
            self._write_down(ready.message, failure)
            self._is_away = True
        elif ready.is_stale:
            # It waited while the server was slow with the one before, or with a new connection: it is claimed again,
            # and written anew.
            self._patiently(lambda: record_put_back(message=ready.message))
        else:
            self._send(ready)
        if not (self._has_looked or self._is_away or self.is_limited):
            self._next = self._look()
        self._has_looked = False

    def _send(self, ready: _Ready) -> None:
        if ready.message.attempts > 1:
            # It may be what killed its worker before: nothing else is to suffer from that.
            self._write_down_accepted()
        outcome = self._hand_over(ready)
        self._write_down_accepted()
        if isinstance(outcome, Failure):
            self._write_down(ready.message, outcome)
            self._is_away = outcome.fault is Fault.SERVER
        else:
            self._accepted = ready.message, outcome
        if self._error is not None:
            raise self._error

    def _hand_over(self, ready: _Ready) -> str | Failure:
        """The provider's number for the mail where it has one, else an empty text; or what went wrong."""
        self.pace.used()
        try:
            return self.mailer.send(ready.mail, meanwhile=None if self.is_limited else self._meanwhile)
        except Exception as error:
            if error is self._error:
                raise
            failure = failure_of_sending(error)
            log.warning(
                "mail not accepted",
                message=str(ready.message.pk),
                reason=type(error).__name__,
                final=failure.fault is Fault.RECIPIENT,
            )
            return failure

    def _meanwhile(self) -> None:
        """While the server waits for a text. What goes wrong here is no fault of the mail that is being sent.

        Its text is held back only if the row of the one before could not be written.
        """
        self._has_looked = True
        try:
            self._next = self._look()
        except Exception as error:
            is_away = isinstance(error, (OperationalError, InterfaceError))
            if self._accepted is None and is_away:
                # The result of the mail that is under way is waited for with more patience.
                return
            self._error = error
            if self._accepted is not None:
                raise

    def _look(self) -> _Ready | None:
        """The next message that is still owed, begun and written; what was accepted before it is written down."""
        while (message := self._begin_next()) is not None:
            if ready := self._ready(message):
                return ready
        return None

    def _begin_next(self) -> Message | None:
        if self.is_limited or time.monotonic() >= self.ends:
            self._write_down_accepted()
            return None
        while (message := self.batches.ahead()) is not None:
            self.batches.take()
            if self._begin(message):
                return message
        self._write_down_accepted()
        return self.batches.claim()

    def _begin(self, message: Message) -> bool:
        if self._accepted is None:
            return self._patiently(lambda: begin(message=message))
        sent, number = self._accepted
        recorded, begun = self._patiently(
            lambda: record_sent_and_begin(sent=sent, provider_id=number, begun=message)
        )
        self._unsettled.append(self._accepted)
        self._accepted = None
        _say_sent(sent, recorded=recorded)
        return begun

    def _ready(self, message: Message) -> _Ready | None:
        """None where it is no longer owed, or cannot be written: that is written down then."""
        since = time.monotonic()
        with remembering(self.batches.memory):
            if gone := reason_gone(message=message):
                self._patiently(lambda: drop_unless_undone(message=message, reason=gone))
                return None
            freshen_link(message=message)
            mail = _write(message, self.render)
        if mail is None:
            self._write_down(message, failure_of_writing())
            return None
        return _Ready(message, mail, since)

    def _open(self) -> Failure | None:
        try:
            self.mailer.open()
        except Exception as error:
            log.warning("mail server away", reason=type(error).__name__)
            return failure_of_connection(error)
        return None

    def _write_down_accepted(self) -> None:
        if self._accepted is not None:
            self._write_down(*self._accepted)
            self._accepted = None

    def _write_down(self, message: Message, outcome: str | Failure) -> None:
        """Waits for the disk, and thereby for all that was recorded before."""
        if isinstance(outcome, Failure):
            recorded = self._patiently(lambda: record_failure(message=message, failure=outcome))
            _say_if_lost(message, recorded=recorded)
        else:
            recorded = self._patiently(lambda: record_sent(message=message, provider_id=outcome))
            _say_sent(message, recorded=recorded)
        self._unsettled.clear()

    def _patiently(self, record: Callable[[], T]) -> T:
        return patiently(record, after_break=self._record_again)

    def _record_again(self) -> None:
        for message, number in self._unsettled:
            record_again(message=message, provider_id=number)

    def _end(self) -> None:
        """However it ended: what was accepted is written down, what was not begun is at everybody's disposal."""
        try:
            self._write_down_accepted()
            if self._next is not None:
                record_put_back(message=self._next.message)
            self.batches.give_back()
        except (OperationalError, InterfaceError) as error:
            log.warning("database away", reason=type(error).__name__)


def _write(message: Message, render: Render) -> EmailMessage | None:
    try:
        return render(message)
    except Exception as error:
        # Not log.exception: the text of an error may quote what stands in the mail.
        log.error(  # noqa: TRY400
            "mail not written", message=str(message.pk), reason=type(error).__name__, where=_where(error)
        )
        return None


def _say_sent(message: Message, *, recorded: bool) -> None:
    if recorded:
        write_line("message sent", logger=__name__, message=str(message.pk), kind=str(message.kind))
    else:
        _say_if_lost(message, recorded=False)


def _say_if_lost(message: Message, *, recorded: bool) -> None:
    if not recorded:
        log.warning("claim was lost while sending", message=str(message.pk))


def _where(error: Exception) -> str:
    """File and line of the fault; its text may quote what stands in the mail."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
