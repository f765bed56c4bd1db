from __future__ import annotations

import contextlib
from types import TracebackType

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from registration.models import Message

_PROVIDER_ID_LENGTH = Message._meta.get_field("provider_id").max_length


class Mailer:
    """One connection to the mail server, kept for many messages and renewed when it went stale."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

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
            backend = get_connection()
            try:
                backend.open()
            except Exception:
                _cut(backend)
                raise
            self._backend = backend

    def send(self, mail: EmailMessage) -> str:
        """Returns the number that the mail provider's reports will name, empty with a plain mail server.

        Raises what the server answers. Whatever it was, the next message gets a fresh connection.
        """
        if self._backend is None:
            raise RuntimeError("open() comes first")
        try:
            self._backend.send_messages([mail])
        except BaseException:
            self.drop()
            raise
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
        """Servers close a connection after a while, or a number of messages; asking costs a round trip."""
        if not isinstance(self._backend, EmailBackend):
            return True
        if self._backend.connection is None:
            return False
        try:
            return bool(self._backend.connection.noop()[0] == 250)
        except OSError:
            return False


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
