from __future__ import annotations

import contextlib
import select
import socket
import time
from types import TracebackType

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from registration.domain.outbox.smtp import Meanwhile, PausingBackend
from registration.models import Message

_DJANGOS_SMTP = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"
_OURS = f"{PausingBackend.__module__}.{PausingBackend.__qualname__}"
# Servers leave a client alone that long; after that asking is worth its round trip.
_QUIET_SECONDS = 2.0
_PROVIDER_ID_LENGTH = Message._meta.get_field("provider_id").max_length


class Mailer:
    """One connection to the mail server, kept for many messages and renewed when it went stale."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None
        self._used = 0.0

    def __enter__(self) -> Mailer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Makes sure that the server listens, before a message is claimed. Raises what connecting raises."""
        if self._backend is not None and not self._is_alive():
            self.drop()
        if self._backend is None:
            backend = get_connection(_OURS if settings.EMAIL_BACKEND == _DJANGOS_SMTP else None)
            try:
                backend.open()
            except Exception:
                _cut(backend)
                raise
            self._backend, self._used = backend, time.monotonic()

    def send(self, mail: EmailMessage, *, meanwhile: Meanwhile | None = None) -> str:
        """Returns the number that the mail provider's reports will name, empty with a plain mail server.

        `meanwhile` is done, if at all, while a mail server waits for the text: where it raises, the server gets none.
        Raises that, and what the server answers; the next message then gets a fresh connection.
        """
        if self._backend is None:
            raise RuntimeError("open() comes first")
        try:
            if isinstance(self._backend, PausingBackend):
                self._backend.pause_with(meanwhile)
            self._backend.send_messages([mail])
        except BaseException:
            self.drop()
            raise
        self._used = time.monotonic()
        return _provider_id(mail)

    def close(self) -> None:
        """Takes leave of the server."""
        if self._backend is not None:
            with contextlib.suppress(Exception):
                self._backend.close()
        self.drop()

    def drop(self) -> None:
        """Ends the connection without a word: a silent server would keep us waiting for its goodbye."""
        if self._backend is not None:
            _cut(self._backend)
        self._backend = None

    def _is_alive(self) -> bool:
        """Servers close a connection after a while, or a number of messages: that can be seen without asking."""
        if not isinstance(self._backend, EmailBackend):
            return True
        connection = self._backend.connection
        if connection is None or connection.sock is None:
            return False
        if time.monotonic() - self._used < _QUIET_SECONDS and not _has_something_to_say(connection.sock):
            return True
        try:
            return bool(connection.noop()[0] == 250)
        except OSError:
            return False


def _has_something_to_say(server: socket.socket) -> bool:
    """A goodbye, or the end of the connection: nobody has asked anything."""
    poll = select.poll()
    poll.register(server, select.POLLIN)
    return bool(poll.poll(0))


def _provider_id(mail: EmailMessage) -> str:
    """What anymail's backends leave on the mail: a number, or a set of them with gaps."""
    left = getattr(getattr(mail, "anymail_status", None), "message_id", None)
    numbers = [str(number) for number in (left if isinstance(left, set) else [left]) if number is not None]
    # Never longer than its column: the mail has left, and that must not fail to be written down.
    return numbers[0][:_PROVIDER_ID_LENGTH] if len(numbers) == 1 else ""


def _cut(backend: BaseEmailBackend) -> None:
    if isinstance(backend, EmailBackend):
        for connection in (backend.connection, getattr(backend, "_partial_connection", None)):
            if connection is not None:
                connection.close()
        backend.connection = None
