"""A real SMTP server that can misbehave as told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """`answers` are given one after the other instead of "accepted": a reply such as "451 later", or "stall",
    "drop" (after accepting), "hang up" (before).
    """

    rcpt_answers: deque[str] = field(default_factory=deque)
    answers: deque[str] = field(default_factory=deque)
    mails: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    _controller: Controller | None = None

    @property
    def address(self) -> tuple[str, int]:
        assert self._controller is not None
        return self._controller.server.sockets[0].getsockname()[:2]

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

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

    def wait_for(self, count: int, seconds: float = 10) -> None:
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
        self._controller.stop()


class _Controller(Controller):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions: list[SMTP] = []

    def factory(self) -> SMTP:
        self.handler.server.connections += 1
        smtp = SMTP(self.handler, hostname="mail.test", enable_SMTPUTF8=False, loop=self.loop)
        self.sessions.append(smtp)
        return smtp

    def _trigger_server(self) -> None:
        """The port is chosen by the system; the controller's own trial connection must ask for that one."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_RCPT(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.rcpt_answers:
            return self.server.rcpt_answers.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.server.answers.popleft() if self.server.answers else "250 OK"
        if answer == "stall":
            await asyncio.sleep(5)
            return "451 too late"
        if answer == "hang up":
            _close(smtp)
            return "421 bye"
        if not answer.startswith(("250", "drop")):
            return answer
        mail: Any = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.server.mails.append(mail)
        if answer == "drop":
            _close(smtp)
        return answer


def _close(smtp: SMTP) -> None:
    assert smtp.transport is not None
    smtp.transport.abort()
