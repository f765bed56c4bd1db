"""A real SMTP server that can misbehave as told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

STALL_SECONDS = 60


class Hold:
    """A place at which the server waits once, until it is released."""

    def __init__(self) -> None:
        self._reached, self._released = threading.Event(), threading.Event()

    def wait(self, seconds: float = 60) -> None:
        assert self._reached.wait(seconds), "the server never got there"

    def release(self) -> None:
        self._released.set()

    async def stay(self) -> None:
        self._reached.set()
        while not self._released.is_set():
            await asyncio.sleep(0.01)


@dataclass
class MailServer:
    """`answers` are given one after the other instead of "accepted": a reply such as "451 later", or "stall",
    "drop" (after accepting), "hang up" (before).

    `hold` makes the server wait once: at "connect" before its greeting, at "rcpt" before it answers to the
    address, at "text" when it has the text, at "accepted" when the mail is in its books but nobody knows yet.

    As nearly every server it takes several commands at once, but where it is told not to offer that.
    """

    greetings: deque[str] = field(default_factory=deque)
    rcpt_answers: deque[str] = field(default_factory=deque)
    answers: deque[str] = field(default_factory=deque)
    mails: list[EmailMessage] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    connections: int = 0
    offers_pipelining: bool = True
    on_rcpt: Callable[[str], None] | None = None
    _holds: dict[str, Hold] = field(default_factory=dict)
    _controller: Controller | None = None

    @property
    def address(self) -> tuple[str, int]:
        assert self._controller is not None
        return self._controller.server.sockets[0].getsockname()[:2]

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    def hold(self, point: str, hold: Hold | None = None) -> Hold:
        self._holds[point] = hold or Hold()
        return self._holds[point]

    def hold_number(self, number: int, point: str) -> Hold:
        """That mail, counted from now."""
        hold, numbers = Hold(), itertools.count(1)

        def count(_address: str) -> None:
            if next(numbers) == number:
                self.hold(point, hold)

        self.on_rcpt = count
        return hold

    async def reach(self, point: str) -> None:
        if hold := self._holds.pop(point, None):
            await hold.stay()

    def accept(self, mail: EmailMessage) -> None:
        self.times.append(time.monotonic())
        self.mails.append(mail)

    def forget(self) -> None:
        """As after a fresh start."""
        for kept in (self.greetings, self.rcpt_answers, self.answers, self.mails, self.times):
            kept.clear()
        for hold in self._holds.values():
            hold.release()
        self._holds.clear()
        self.connections, self.on_rcpt = 0, None

    def close_connections(self) -> None:
        """As servers do after a while without a word from the client."""
        assert self._controller is not None
        loop = self._controller.loop
        asyncio.run_coroutine_threadsafe(self._abort_all(), loop).result()

    async def _abort_all(self) -> None:
        assert self._controller is not None
        for smtp in self._controller.sessions:
            if smtp.transport is not None:
                smtp.transport.abort()
        await asyncio.sleep(0.05)  # so that each session sees its end

    def wait_for(self, count: int, seconds: float = 60) -> None:
        ends = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < ends:
            time.sleep(0.02)

    def __enter__(self) -> MailServer:
        self._controller = _Controller(_Handler(self), hostname="127.0.0.1", port=0)
        self._controller.start()
        self.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        assert self._controller is not None
        self.forget()
        self.close_connections()
        self._controller.stop()


class _Controller(Controller):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions: list[SMTP] = []

    def factory(self) -> SMTP:
        self.handler.server.connections += 1
        smtp = _SMTP(self.handler, hostname="mail.test", enable_SMTPUTF8=False, loop=self.loop)
        self.sessions.append(smtp)
        return smtp

    def _trigger_server(self) -> None:
        """The port is chosen by the system; the controller's own trial connection must ask for that one."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _SMTP(SMTP):
    async def _handle_client(self) -> None:
        server: MailServer = self.event_handler.server
        await server.reach("connect")
        if server.greetings:
            await self.push(server.greetings.popleft())
            self.transport.close()
        else:
            await super()._handle_client()


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_EHLO(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        offered = ["250-PIPELINING"] if self.server.offers_pipelining else []
        return [*responses[:-1], *offered, responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.server.reach("rcpt")
        if self.server.on_rcpt:
            self.server.on_rcpt(address)
        if self.server.rcpt_answers:
            return self.server.rcpt_answers.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self.server.reach("text")
        answer = self.server.answers.popleft() if self.server.answers else "250 OK"
        if answer == "stall":
            await asyncio.sleep(STALL_SECONDS)
            return "451 too late"
        if answer == "hang up":
            _close(smtp)
            return "421 bye"
        if not answer.startswith(("250", "drop")):
            return answer
        mail: Any = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.server.accept(mail)
        await self.server.reach("accepted")
        if answer == "drop":
            _close(smtp)
        return answer


def _close(smtp: SMTP) -> None:
    assert smtp.transport is not None
    smtp.transport.abort()
