"""Tells the worker that something is due. A nudge may get lost; the sweep then finds the row within seconds.

Publishing waits for the broker; one that accepts connections and stays silent costs its full timeouts. So a
thread does it: neither a page nor a command is ever held up, and many nudges in a row become one.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from functools import cache, partial

from django.conf import settings
from django.db import transaction

from conference.log_context import FIELDS, request_id
from conference.publishing import publish
from conference.sentinel import ask_redis

TASK = "registration.tasks.drain_outbox"
# A command such as `invite` ends right after its commit: it waits this long for its nudge to be published.
SECONDS_AT_EXIT = 1.0
SECONDS_BETWEEN = 0.1


def nudge_after_commit(task: str = TASK) -> None:
    """Once for each transaction and task, however many messages it owes."""
    wanted = _nudge_for(task)
    if not any(function is wanted for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(wanted, robust=True)


def nudge(task: str = TASK) -> None:
    """Returns at once and never raises."""
    _publisher().want(task)


@cache
def _nudge_for(task: str) -> Callable[[], None]:
    """The same function each time, so that it can be found among those that wait for a commit."""
    return partial(nudge, task)


class _Publisher:
    """One daemon thread that publishes whenever it is wanted."""

    def __init__(self) -> None:
        self.process = os.getpid()
        # Each with the requests that asked for it.
        self._tasks: dict[str, frozenset[str | None]] = {}
        self._wanted, self._ending = threading.Event(), threading.Event()
        self._settled = threading.Event()
        self._settled.set()
        threading.Thread(target=self._run, name="outbox-nudge", daemon=True).start()

    def want(self, task: str) -> None:
        self._settled.clear()
        # In one go: the thread may take the task away at any moment, and must never find it without anybody.
        self._tasks[task] = self._tasks.get(task, frozenset()) | {request_id()}
        self._wanted.set()

    def settle(self) -> None:
        self._ending.set()
        self._settled.wait(SECONDS_AT_EXIT)

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            while self._tasks:
                task, asked_by = self._tasks.popitem()
                FIELDS.set(_on_behalf_of(asked_by))
                publish(task)
            if not self._wanted.is_set():
                self._settled.set()
            # What is wanted meanwhile, in a rush by everybody, becomes one more nudge.
            self._ending.wait(SECONDS_BETWEEN)


def _on_behalf_of(requests: frozenset[str | None]) -> dict[str, str]:
    """Several at once became one nudge: it would be wrong to name one of them."""
    (only, *others) = requests
    return {} if others or only is None else {"request_id": only}


def follow(task: str) -> None:
    """Publishes a task that is to go on with what is due, unless one waits already: else each would leave two behind,
    and those four.
    """
    if not _waits(task):
        publish(task)


def _waits(task: str) -> bool:
    """Whether the queue of a task, in which there is nothing else, holds one that no worker has taken."""
    queue = settings.CELERY_TASK_ROUTES[task]["queue"]
    return bool(ask_redis(lambda redis: redis.llen(queue)))


_lock = threading.Lock()
_current: _Publisher | None = None


def _publisher() -> _Publisher:
    """This process's own: a thread does not survive the fork of a web server's workers."""
    global _current  # noqa: PLW0603
    with _lock:
        if _current is None or _current.process != os.getpid():
            _current = _Publisher()
        return _current


def _renew_lock() -> None:
    """Another thread of the parent may have held the lock at the moment of the fork."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


@atexit.register
def _settle() -> None:
    if _current is not None and _current.process == os.getpid():
        _current.settle()


os.register_at_fork(after_in_child=_renew_lock)
