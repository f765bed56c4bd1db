"""Django's way to a mail server, with something useful done while the server waits for a text, and with fewer round
trips where the server takes several commands at once.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

Meanwhile = Callable[[], None]
_END = b"\r\n.\r\n"
_DOT = b".\r\n"
# What smtplib would look through at length to find that it may stay as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_DONE, _GO_ON, _GOODBYE = 250, 354, 421
# 251: it is passed on to where the recipient has moved.
_ACCEPTED = (250, 251)


class _Pausing:
    """When the server waits for a text, does what is to be done before it gets one.

    It cannot have accepted the mail: what is written down in this pause is written down before another mail is
    accepted. The text goes out in one piece, which wakes the server once.
    """

    meanwhile: Meanwhile | None = None

    def send(self, s: Any) -> None:
        if self.meanwhile is not None and isinstance(s, bytes) and s.endswith(_END):
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        super().send(s)  # type: ignore[misc]


class _Grouping(_Pausing):
    """What stands before a text goes out in one group where the server offers that (RFC 2920), instead of command by
    command. smtplib cannot do so.
    """

    def hand_over(self: Any, sender: str, recipients: list[str], content: bytes) -> None:
        """As `sendmail`, whose errors it raises. A connection on which it has raised one is not to be used again."""
        self.ehlo_or_helo_if_needed()
        if len(recipients) == 1 and self.has_extn("pipelining"):
            self._envelope(sender, recipients[0], len(content))
            self.send(_stuffed(content) + _DOT)
            code, words = self.getreply()
            if code != _DONE:
                raise smtplib.SMTPDataError(code, words)
        else:
            self.sendmail(sender, recipients, content)

    def _envelope(self: Any, sender: str, recipient: str, size: int) -> None:
        """Until the server waits for the text. The first refusal says what is wrong: the others follow from it."""
        options = f" size={size}" if self.does_esmtp and self.has_extn("size") else ""
        commands = f"mail FROM:{_quoted(sender)}{options}", f"rcpt TO:{_quoted(recipient)}", "data"
        self.send("".join(f"{command}\r\n" for command in commands).encode(self.command_encoding))
        code, words = self.getreply()
        if code != _DONE:
            self._end_the_group(code, replies=2)
            raise smtplib.SMTPSenderRefused(code, words, sender)
        code, words = self.getreply()
        if code not in _ACCEPTED:
            self._end_the_group(code, replies=1)
            raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
        code, words = self.getreply()
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, words)

    def _end_the_group(self: Any, refused: int, *, replies: int) -> None:
        """Who has nobody to write to may still be asked for the text: it is an empty one then (section 3.1)."""
        if refused == _GOODBYE:
            return
        with contextlib.suppress(OSError):  # every error of smtplib as well; what was refused is known by now
            if [self.getreply()[0] for _ in range(replies)][-1] == _GO_ON:
                self.send(_DOT)
                self.getreply()


def _quoted(address: str) -> str:
    """Raises ValueError, as smtplib does, where an address would end the line."""
    if _PLAIN.fullmatch(address):
        return f"<{address}>"
    quoted = smtplib.quoteaddr(address)
    if "\r" in quoted or "\n" in quoted:
        raise ValueError("a command is one line")
    return quoted


def _stuffed(content: bytes) -> bytes:
    """RFC 5321, section 4.5.2: a line that begins with a dot gets a second one; and the last line has an end."""
    stuffed = content.replace(b"\n.", b"\n..")
    start = b"." if content.startswith(b".") else b""
    return start + stuffed + (b"" if content.endswith(b"\r\n") else b"\r\n")


class _Plain(_Grouping, smtplib.SMTP):
    pass


class _Tls(_Grouping, smtplib.SMTP_SSL):
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
        # Ours know themselves what goes over the wire: sender, recipients, bytes.
        wire = getattr(email_message, "wire", None)
        if wire is None or not isinstance(self.connection, _Grouping):
            return bool(super()._send(email_message))  # type: ignore[misc]
        self.connection.hand_over(*wire())
        return True
