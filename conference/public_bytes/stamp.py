"""Names what public pages show at this moment: whoever kept a page under another stamp makes it anew.

Nobody has to tell anybody that something has changed, so nothing can be missed: the facts themselves are read again
and again, once in SHARED_SECONDS for all servers together, and each process asks what was found there. The two spans
together are the longest for which a page can be older than what it shows.
"""

from __future__ import annotations

import functools
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.utils.module_loading import import_string

log = structlog.get_logger(__name__)
SHARED_SECONDS = 1
# While the database is away, what was known last stands in for it, for so long at most. A database that does not even
# refuse is taken for one after the patience.
STALE_SECONDS = 300
PAUSE_SECONDS = 2.0
PATIENCE_SECONDS = 1.0


def read_stamp() -> str:
    """A digest of every row that the apps name in PUBLIC_FACTS, in one query. Raises django.db.Error."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement())
        rows = sorted(fact for (fact,) in cursor.fetchall())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


@functools.cache
def _statement() -> tuple[str, Sequence[Any]]:
    """Written once: Django takes longer for that than the database for its answer."""
    first, *others = [facts for name in settings.PUBLIC_FACTS for facts in import_string(name)()]
    sql, parameters = first.union(*others, all=True).query.sql_with_params()
    return sql, parameters


@functools.cache
def _key() -> str:
    """Two versions side by side may look at different facts: each shares its own."""
    return f"public-stamp-{hashlib.sha256(repr(_statement()).encode()).hexdigest()[:12]}"


def shared_stamp() -> str:
    stamp: str | None = cache.get(_key())
    if stamp is None:
        stamp = read_stamp()
        cache.set(_key(), stamp, SHARED_SECONDS)
    return stamp


class Stamp:
    """What one process knows, asked anew every PUBLIC_LOOK_SECONDS; with 0 each time, and at the source."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._value: str | None = None
        self._looked_at = self._known_at = float("-inf")
        self._away = False

    def current(self) -> str | None:
        """None where nothing is known, and nothing may be kept."""
        if self._is_fresh():
            return self._value
        # While the database is away one thread waits for it; the others go on with what is known.
        if not self._lock.acquire(timeout=0 if self._away else PATIENCE_SECONDS):
            self._away = True
            return self._known()
        try:
            return self._value if self._is_fresh() else self._look()
        finally:
            self._lock.release()

    def _is_fresh(self) -> bool:
        holds = PAUSE_SECONDS if self._away else settings.PUBLIC_LOOK_SECONDS
        return 0 <= self._clock() - self._looked_at < holds

    def _look(self) -> str | None:
        try:
            self._value = shared_stamp() if settings.PUBLIC_LOOK_SECONDS else read_stamp()
        except Error as error:
            self._away = True
            log.warning("database away, public pages are kept", reason=type(error).__name__)
            self._value = self._known()
        else:
            self._away, self._known_at = False, self._clock()
        self._looked_at = self._clock()
        return self._value

    def _known(self) -> str | None:
        return self._value if self._clock() - self._known_at <= STALE_SECONDS else None

    def look_again(self) -> None:
        """Spares whoever has just published something the second for which they might see what was before."""
        cache.delete(_key())
        self._looked_at = float("-inf")


STAMP = Stamp()
