"""What a worker has begun and what the mail server has accepted, mail by mail, where it outlives the worker.

The database is told of many mails at once. Should the worker die before, whoever sweeps up after it reads here what had
become of each. It holds numbers of messages and nothing else; the database is what counts.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from uuid import UUID

import structlog
from redis import Redis, RedisError, ResponseError
from redis.connection import AbstractConnection
from redis.exceptions import NoPermissionError

from conference.sentinel import has_redis, redis_client
from registration.models import Message

log = structlog.get_logger(__name__)
# What cannot be kept within that time is told to the database at once.
_SECONDS = 1
# Longer than anybody leaves a site standing still; a journal that is no longer needed is removed at once.
_KEPT_SECONDS = 30 * 24 * 3600
_BEGUN, _ACCEPTED = b"b", b"a"


@dataclass(frozen=True, slots=True)
class Notes:
    """`seconds`: how long ago the journal was opened, by Redis's own clock; None where there is none or only a part."""

    begun: frozenset[UUID] = frozenset()
    accepted: frozenset[UUID] = frozenset()
    seconds: float | None = None


class Journal:
    """Of one claim after the other, over one connection that is kept.

    Nobody waits for an answer to a note: what the kernel has taken over reaches Redis even if the worker is killed
    the moment after. That it is kept is asked once for each claim.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._connection: AbstractConnection | None = None
        self._claim: UUID | None = None
        self._keys: list[bytes] = []
        self._is_away = not has_redis()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, *, first: Message) -> bool:
        """For the notes of a claim, of which `first` is begun already. False where Redis does not keep any."""
        if self._claim != first.claim and not self._is_away:
            try:
                self._open(first)
            except RedisError as error:
                self._give_up(error)
        return self._claim == first.claim

    def begun(self, message: Message) -> bool:
        """False where it cannot be kept: the database then has to be told at once."""
        return self._note(message, _BEGUN)

    def accepted(self, message: Message) -> bool:
        return self._note(message, _ACCEPTED)

    def forget_former(self) -> None:
        """The database knows all that stands in those of former claims."""
        if former := self._keys[:-1]:
            del self._keys[:-1]
            self._say(_packed(b"UNLINK", *former))

    def forget(self) -> None:
        """The database knows all that stands in any of them."""
        if self._keys:
            self._say(_packed(b"UNLINK", *self._keys))
            self._keys.clear()
            self._claim = None

    def _open(self, first: Message) -> None:
        if self._connection is None:
            client: Redis = self._stack.enter_context(redis_client(seconds=_SECONDS))
            self._connection = client.connection_pool.get_connection()
        key = _key(first.claim)
        asked = [
            (b"CLIENT", b"REPLY", b"ON"),
            (b"HSET", key, first.pk.bytes, _BEGUN),
            (b"EXPIRE", key, b"%d" % _KEPT_SECONDS),
            # What may not be read is no journal.
            (b"HGETALL", key),
        ]
        commands = [*asked, (b"CLIENT", b"REPLY", b"OFF")]
        packed = b"".join(_packed(*command) for command in commands)
        self._connection.send_packed_command([packed])  # type: ignore[no-untyped-call]
        try:
            for _command in asked:
                self._connection.read_response()
        except ResponseError:
            # A part of it may be kept, which would say of all that follows that it was not begun.
            self._say(_packed(b"UNLINK", key))
            raise
        self._claim = first.claim
        self._keys.append(key)

    def _note(self, message: Message, what: bytes) -> bool:
        if self._claim is None or self._claim != message.claim:
            return False
        return self._say(_packed(b"HSET", self._keys[-1], message.pk.bytes, what))

    def _say(self, command: bytes) -> bool:
        if self._connection is not None and not self._is_away:
            try:
                self._connection.send_packed_command([command], check_health=False)  # type: ignore[no-untyped-call]
            except RedisError as error:
                self._give_up(error)
        return not self._is_away

    def _give_up(self, error: RedisError) -> None:
        log.warning("no journal of mails", reason=type(error).__name__)
        self._is_away, self._claim = True, None


def read_notes(*, claim: UUID) -> Notes:
    """Empty where no journal was kept for the claim, or Redis has lost it. Raises RedisError where it does not say."""
    if not has_redis():
        return Notes()
    key = _key(claim)
    with redis_client(seconds=_SECONDS) as client:
        try:
            asked: Any = client.pipeline(transaction=False)
            kept, left = asked.hgetall(key).pttl(key).execute()
        except NoPermissionError:
            # Who may not read one keeps none.
            return Notes()
    return Notes(
        begun=frozenset(UUID(bytes=number) for number in kept),
        accepted=frozenset(UUID(bytes=number) for number, note in kept.items() if note == _ACCEPTED),
        # Without an end it is what was noted after Redis had lost all that came before.
        seconds=_KEPT_SECONDS - left / 1000 if left > 0 else None,
    )


def _key(claim: UUID | None) -> bytes:
    return f"koprue:mail:{claim}".encode()


def _packed(*words: bytes) -> bytes:
    """As Redis reads a command (RESP): one that is sent for every mail is not worth the client's general way."""
    return b"*%d\r\n%b" % (len(words), b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words))
