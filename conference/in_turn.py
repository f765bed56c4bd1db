"""What takes long, one at a time in each worker: its other processes have mail to send.

Whoever finds the turn taken goes away and leaves its name in Redis; whoever ends calls the one that has waited longest.
Should a call get lost, the next one to end calls the next, and beat asks for all of them again and again.
"""

from __future__ import annotations

import fcntl
import functools
import tempfile
import time
from collections.abc import Callable
from typing import IO, Any

from celery import signals
from redis import Redis

from conference.log_context import FIELDS
from conference.publishing import publish
from conference.sentinel import ask_redis

_WAITING = "koprue:waiting-for-turn"
# No file of anybody's: what the processes of a worker have in common, and nobody else can open. Such a lock belongs to
# a process, and the kernel frees it however the process ends (fcntl(2), F_SETLK).
_shared: IO[bytes] | None = None


@signals.celeryd_after_setup.connect  # type: ignore[untyped-decorator]
def _share(**_kwargs: object) -> None:
    """Before the worker's processes are made of it."""
    global _shared  # noqa: PLW0603
    _shared = tempfile.TemporaryFile()  # noqa: SIM115 (it lasts as long as the worker)


def in_turn(work: Callable[[], bool | None]) -> Callable[[], None]:
    """For a task: `work` does a part of it, and returns True where it is to be called again for more."""
    name = f"{work.__module__}.{work.__name__}"

    @functools.wraps(work)
    def task() -> None:
        if not _took_turn():
            _wait(name)
            return
        is_more: bool | None = False
        try:
            is_more = work()
        finally:
            _end_turn()
            _call_next(own=name if is_more else None)

    return task


def _took_turn() -> bool:
    """Always where nothing is shared: outside a worker nobody sends mail."""
    if _shared is not None:
        try:
            fcntl.lockf(_shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _end_turn() -> None:
    if _shared is not None:
        fcntl.lockf(_shared, fcntl.LOCK_UN)


def _wait(name: str) -> None:
    ask_redis(lambda redis: _append(redis, name))


def _call_next(*, own: str | None) -> None:
    """`own` has its turn after those who wait already."""
    called = ask_redis(lambda redis: _first(redis, own)) or own
    if called is not None:
        before = FIELDS.get()
        if called != own:
            FIELDS.set({})  # the request that asked for what has just ended has nothing to do with it
        publish(called)
        FIELDS.set(before)


def _append(redis: Redis, name: str) -> None:
    """Once, however often it is turned away, and where it stands already."""
    redis.zadd(_WAITING, {name: time.time()}, nx=True)


def _first(redis: Redis, own: str | None) -> str | None:
    if own is not None:
        _append(redis, own)
    popped: Any = redis.zpopmin(_WAITING)
    return popped[0][0].decode() if popped else None
