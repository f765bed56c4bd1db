"""Django's way to a mail server, with something useful done while the server takes in a text."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

Meanwhile = Callable[[], None]
_END = b"\r\n.\r\n"
_DOT = b".\r\n"


@runtime_checkable
class Written(Protocol):
    """A mail that knows itself what goes over the wire: its sender, its recipients, its bytes."""

    def wire(self) -> tuple[str, list[str], bytes]: ...


class _Pausing:
    """Sends a text but for the line that ends it, does what is to be done, and then ends it.

    The server has the text to read meanwhile, and cannot have accepted it: what is written down in this pause is
    written down before another mail is accepted.
    """

    meanwhile: Meanwhile | None = None

    def send(self, s: Any) -> None:
        meanwhile = self.meanwhile
        if meanwhile is None or not isinstance(s, bytes) or not s.endswith(_END):
            super().send(s)  # type: ignore[misc]
            return
        self.meanwhile = None
        super().send(s[: -len(_DOT)])  # type: ignore[misc]
        meanwhile()
        super().send(_DOT)  # type: ignore[misc]


class _Plain(_Pausing, smtplib.SMTP):
    pass


class _Tls(_Pausing, smtplib.SMTP_SSL):
    pass


class PausingBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Tls if self.use_ssl else _Plain

    def open(self) -> bool | None:
        opened = super().open()
        if opened and self.connection is not None and self.connection.sock is not None:
            # The line that ends a text is sent by itself, and must not wait for the server's word on what came before.
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def pause_with(self, meanwhile: Meanwhile | None) -> None:
        """What is done while the server takes in the next text."""
        if isinstance(self.connection, _Pausing):
            self.connection.meanwhile = meanwhile

    def _send(self, email_message: EmailMessage) -> bool:
        if self.connection is None or not isinstance(email_message, Written):
            return bool(super()._send(email_message))  # type: ignore[misc]
        self.connection.sendmail(*email_message.wire())
        return True
