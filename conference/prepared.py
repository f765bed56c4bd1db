"""Statements that PostgreSQL reads and plans once for each connection, however often they run on it.

Where a statement is about a few rows, reading and planning it takes PostgreSQL four times as long as carrying it out.
Behind a pooler nothing is prepared: the server's session that would know the statement is somebody else's after the
next commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from conference.gathered import gathering, is_watched

# The server does not know the statement (any more), or knows it already; or its rows look different since a migration.
_UNKNOWN, _KNOWN, _OUTDATED = "26000", "42P05", "0A000"


@dataclass(slots=True)
class _Session:
    """Of one connection: which statements ran on it, and the calls it knows. `is_own`: no pooler is in between."""

    is_own: bool
    seen: set[Prepared] = field(default_factory=set)
    ready: set[str] = field(default_factory=set)


# By psycopg2's connection: with it, everything the server had prepared is gone.
_sessions: WeakKeyDictionary[Any, _Session] = WeakKeyDictionary()


class Prepared:
    """One statement. `values` stand in its places, but for those `given` (by their number) each time."""

    def __init__(self, sql: str, values: Sequence[Any], *, given: Sequence[int]) -> None:
        self.sql, self.values, self.given = sql, values, given
        self.call = ""

    def run(self, cursor: CursorWrapper, values: Sequence[Any], *, later: bool = False) -> None:
        """As `cursor.execute(sql, values)`; what runs once only is not prepared.

        `later`: nobody asks for its outcome, see `gathered`.
        """
        database: Any = cursor.db
        if is_watched(database) or not self._has_run(database, cursor, values, later=later):
            cursor.execute(self.sql, values)

    def _has_run(self, database: Any, cursor: CursorWrapper, values: Sequence[Any], *, later: bool) -> bool:
        try:
            if not self._is_ready(database):
                return False
            database.validate_no_broken_transaction()
            with database.wrap_database_errors:
                self._call(database, cursor, [values[place] for place in self.given], later=later)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") not in {_UNKNOWN, _KNOWN, _OUTDATED}:
                raise
            # From now on this connection does without.
            _sessions[database.connection] = _Session(is_own=False)
            if database.in_atomic_block:
                raise
            return False
        return True

    def _call(self, database: Any, cursor: CursorWrapper, given: Sequence[Any], *, later: bool) -> None:
        waiting = gathering(database)
        if waiting is None:
            cursor.cursor.execute(self.call, given)
            return
        waiting.add(self.call, given)
        if not later:
            waiting.send(cursor)

    def _is_ready(self, database: BaseDatabaseWrapper) -> bool:
        session = _sessions.get(database.connection) or _begin(database)
        if self.call in session.ready:
            return True
        if not session.is_own:
            return False
        if self not in session.seen:
            session.seen.add(self)
            return False
        database.validate_no_broken_transaction()
        with database.wrap_database_errors, database.connection.cursor() as cursor:
            self._make_ready(cursor, session)
        return True

    def _make_ready(self, cursor: Any, session: _Session) -> None:
        """Its name stands for these very words: no process calls another statement so, should a session be shared."""
        text = self._text(cursor)
        name = f"kept_{sha256(text.encode()).hexdigest()[:32]}"
        marks = ", ".join(["%s"] * len(self.given))
        self.call = f"EXECUTE {name} ({marks})" if marks else f"EXECUTE {name}"
        if self.call not in session.ready:
            cursor.execute(f"PREPARE {name} AS {text}")
            self._plan(cursor, name)
            session.ready.add(self.call)

    def _plan(self, cursor: Any, name: str) -> None:
        """Now, and for tables that grow: the plan is kept, and one that reads a short table whole would be, too.

        Once the server has counted the rows anew, it makes another plan by itself.
        """
        nothing = f"({', '.join(['NULL'] * len(self.given))})" if self.given else ""
        cursor.execute(f"SET enable_seqscan = off; EXPLAIN EXECUTE {name} {nothing}; RESET enable_seqscan")

    def _text(self, cursor: Any) -> str:
        """Values that never change stand in it: an index for some rows only is found by them."""
        numbers = {place: f"${number}" for number, place in enumerate(self.given, start=1)}
        marks = (
            numbers.get(place) or cursor.mogrify("%s", [value]).decode()
            for place, value in enumerate(self.values)
        )
        return self.sql % tuple(marks)


def ready_to_prepare(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """As soon as there is a connection: what is set in a transaction would be gone if that is rolled back."""
    if connection.vendor == "postgresql":
        _begin(connection)


def _begin(database: BaseDatabaseWrapper) -> _Session:
    with database.wrap_database_errors, database.connection.cursor() as cursor:
        session = _sessions[database.connection] = _Session(_is_own(database.connection, cursor))
        if session.is_own:
            # Where a limit makes it look cheaper, it would plan with the values of each time, for ever.
            cursor.execute("SET plan_cache_mode = force_generic_plan")
    return session


def _is_own(connection: Any, cursor: Any) -> bool:
    """A pooler tells its clients a process of its own making, not that of the server's session."""
    cursor.execute("SELECT pg_backend_pid()")
    return bool(cursor.fetchone()[0] == connection.info.backend_pid)
