"""Writes whose outcome nobody asks go to PostgreSQL together with the statement that follows them.

A statement of its own is a round trip: both processes wake up and go to sleep again, which for a few rows costs more
than writing them. SQLite has no round trips: there each statement runs at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


class _Gathered:
    """What waits on one connection. Every other statement passes here first, so that none overtakes what waits."""

    def __init__(self, database: Any, cursor: CursorWrapper) -> None:
        self.database, self.cursor = database, cursor
        self._waiting: list[bytes] = []

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.send()
        return execute(*statement)

    def add(self, call: str, values: Sequence[Any]) -> None:
        self._waiting.append(self.cursor.cursor.mogrify(call, values))

    def send(self, cursor: CursorWrapper | None = None) -> None:
        """The outcome of the last one is then `cursor`'s."""
        if not self._waiting:
            return
        together = b"; ".join(self._waiting)
        self._waiting.clear()
        self.database.validate_no_broken_transaction()
        with self.database.wrap_database_errors:
            (cursor or self.cursor).cursor.execute(together)


@contextmanager
def gathered() -> Iterator[None]:
    """Within a transaction: what may come `later` is sent with the next statement, and the rest of it at the end.

    What is left by an exception is to be rolled back: whatever still waited is forgotten then.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql" or not database.in_atomic_block or database.execute_wrappers:
        yield
        return
    with database.cursor() as cursor:
        waiting = _Gathered(database, cursor)
        with database.execute_wrapper(waiting):
            yield
            # What is to be rolled back takes no more statements.
            if not database.needs_rollback:
                waiting.send()


def gathering(database: BaseDatabaseWrapper) -> _Gathered | None:
    """None where each statement is to run at once, as well as where somebody watches them."""
    match database.execute_wrappers:
        case [_Gathered() as waiting] if not database.queries_logged:
            return waiting
    return None


def is_watched(database: BaseDatabaseWrapper) -> bool:
    """Who watches statements (a log, a test) sees each of them, as it is."""
    return bool(database.queries_logged or (database.execute_wrappers and gathering(database) is None))


def cursor_of(database: BaseDatabaseWrapper) -> AbstractContextManager[CursorWrapper]:
    """Making one takes Django a while: what is gathered shares one."""
    waiting = gathering(database)
    return database.cursor() if waiting is None else nullcontext(waiting.cursor)
