"""One message after the other: while the server waits for the text of one, the one before is written down and the next
written.

Written down, that is: in the journal, and for all of a group together in the database; without a journal, each in the
database. No mail is accepted before that is done for the one before: should the worker die, there is one mail at most
of which nobody knows whether it arrived.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

import structlog
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, connection

from conference.logs import write_line
from registration.domain.outbox.batches import FRESH_SECONDS, Batches
from registration.domain.outbox.claim import give_back_begun
from registration.domain.outbox.drop import drop_unless_undone
from registration.domain.outbox.fresh_link import freshen_link
from registration.domain.outbox.journal import Journal
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.memory import remembering
from registration.domain.outbox.pace import Pace
from registration.domain.outbox.patience import patiently
from registration.domain.outbox.results import (
    AT_ONCE,
    begin,
    record_failure,
    record_put_back,
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
# A journal is worth its round trip where so many are claimed ahead.
_WORTH = 2
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
    journal: Journal
    ends: float
    is_limited: bool = False
    # What nobody else knows of yet, with the provider's number for it.
    _accepted: tuple[Message, str] | None = None
    # What was accepted by the journal, of which the database does not know yet.
    _noted: list[Message] = field(default_factory=list)
    _begun: deque[Message] = field(default_factory=deque)
    # They were begun together: the journal says which of them truly were.
    _is_noted: bool = False
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
            patiently(lambda: record_put_back(message=ready.message))
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
        if self._accepted is not None:
            self._write_down_accepted()
        if isinstance(outcome, Failure):
            self._write_down(ready.message, outcome)
            self._is_away = outcome.fault is Fault.SERVER
        else:
            self._take_down(ready.message, outcome)
        if self._error is not None:
            raise self._error

    def _take_down(self, message: Message, number: str) -> None:
        """In the journal; the database is told of what has no place there before the next mail is accepted."""
        if number:
            self._write_down_accepted()
        if number or not self.journal.accepted(message):
            self._accepted = message, number
        else:
            self._noted.append(message)

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
        if message := self._next_begun():
            return message
        self._write_down_accepted()
        return self.batches.claim()

    def _next_begun(self) -> Message | None:
        """None where another batch has to be claimed."""
        while not self._begun:
            group = self.batches.take(most=self._at_once())
            if not group:
                return None
            self._is_noted = len(group) > 1
            self._begun.extend(self._begin(group))
        message = self._begun[0]
        has_note = self.journal.begun(message)
        if self._accepted is not None or not has_note:
            self._write_down_accepted()
        if not self.batches.is_fresh or (self._is_noted and not has_note):
            # Too old; or the journal broke, and would say of all these that they were never begun.
            self._put_back_begun()
            return None
        return self._begun.popleft()

    def _at_once(self) -> int:
        first = self.batches.first
        has_journal = first and self.batches.ahead() >= _WORTH and self.journal.open(first=first)
        return AT_ONCE if has_journal else 1

    def _begin(self, group: Sequence[Message]) -> list[Message]:
        """In one transaction with the results of those before; only what is still ours."""
        if self._accepted is None and not self._noted:
            return patiently(lambda: begin(messages=group))
        return self._record(group)

    def _ready(self, message: Message) -> _Ready | None:
        """None where it is no longer owed, or cannot be written: that is written down then."""
        since = time.monotonic()
        mail = patiently(lambda: self._written(message))
        return None if mail is None else _Ready(message, mail, since)

    def _written(self, message: Message) -> EmailMessage | None:
        with remembering(self.batches.memory):
            if gone := reason_gone(message=message):
                patiently(lambda: drop_unless_undone(message=message, reason=gone))
                return None
            freshen_link(message=message)
            mail = _write(message, self.render)
        if mail is None:
            self._write_down(message, failure_of_writing())
        return mail

    def _open(self) -> Failure | None:
        try:
            self.mailer.open()
        except Exception as error:
            log.warning("mail server away", reason=type(error).__name__)
            return failure_of_connection(error)
        return None

    def _write_down_accepted(self) -> None:
        if self._accepted is not None or self._noted:
            self._record([])

    def _record(self, begun: Sequence[Message]) -> list[Message]:
        message, number = self._accepted or (None, "")
        sent = [*self._noted, *([message] if message else [])]
        recorded, still_ours = patiently(
            lambda: record_sent_and_begin(sent=sent, begun=begun, provider_id=number)
        )
        self._accepted = None
        self._noted.clear()
        self.journal.forget_former()
        keys = {message.pk for message in recorded}
        for message in sent:
            _say_sent(message, recorded=message.pk in keys)
        return still_ours

    def _write_down(self, message: Message, failure: Failure) -> None:
        recorded = patiently(lambda: record_failure(message=message, failure=failure))
        _say_if_lost(message, recorded=recorded)

    def _put_back_begun(self) -> None:
        if self._begun:
            patiently(lambda: give_back_begun(messages=self._begun))
            self._begun.clear()

    def _end(self) -> None:
        """However it ended: what was accepted is written down, what was not begun is at everybody's disposal."""
        try:
            self._write_down_accepted()
            if self._next is not None:
                record_put_back(message=self._next.message)
            if self._begun:
                give_back_begun(messages=self._begun)
            self.batches.give_back()
            self.journal.forget()
        except (OperationalError, InterfaceError) as error:
            log.warning("database away", reason=type(error).__name__)


def _write(message: Message, render: Render) -> EmailMessage | None:
    try:
        return render(message)
    except Exception as error:
        if isinstance(error, (OperationalError, InterfaceError)) and not connection.is_usable():
            raise
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
