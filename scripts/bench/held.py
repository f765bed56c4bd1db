"""For how long whoever takes a place holds the workshop's row, as the next one who wants it notices.

Seen from outside, so that the place is taken as in production: one has the row, a person waits for it, and one more
behind them. By how much later the last one gets it than without that person: this is their turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2  # type: ignore[import-untyped]

from .processes import BenchError

_PATIENCE = 30
_NOW = "SELECT extract(epoch FROM clock_timestamp())::float8"
_LOCK = "SELECT id FROM workshops_workshop WHERE id = %s FOR NO KEY UPDATE"
_WAITING = """
SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """For a workshop's row: `first` has it, `last` gets it in the end, `watch` sees who waits.

    Whoever comes between has always the same thread: what its connection has prepared stays.
    """

    workshop: int
    first: Any
    last: Any
    watch: Any
    between: ThreadPoolExecutor
    behind: ThreadPoolExecutor

    def turn(self, person: Callable[[], None]) -> float:
        """In seconds. Raises BenchError where the person does not ask for the row."""
        return self.seconds(person) - self.seconds()

    def seconds(self, *people: Callable[[], None]) -> float:
        """From the moment when the row is let go until the last one has it; the `people` come between."""
        _ask(self.first, _LOCK, self.workshop)
        between = [self.between.submit(person) for person in people]
        self._wait_for(between)
        last = self.behind.submit(self._get_it)
        self._wait_for([*between, last])
        let_go: float = _ask(self.first, _NOW)
        self.first.rollback()
        for person in between:
            person.result()
        return last.result() - let_go

    def _get_it(self) -> float:
        """When, by the server's clock: this process is busy meanwhile with whoever comes between."""
        _ask(self.last, _LOCK, self.workshop)
        moment: float = _ask(self.last, _NOW)
        self.last.rollback()
        return moment

    def _wait_for(self, queue: list[Future[Any]]) -> None:
        """Until all of them wait for the row."""
        ends = time.monotonic() + _PATIENCE
        while _ask(self.watch, _WAITING) < len(queue):
            if time.monotonic() > ends or any(each.done() for each in queue):
                raise BenchError("who is to take a place does not ask for the workshop’s row")
            time.sleep(0.002)


@contextmanager
def queue_for(workshop: int, database_url: str) -> Iterator[Queue]:
    # The first one lets go before the others are waited for.
    with (
        ThreadPoolExecutor(1) as between,
        ThreadPoolExecutor(1) as behind,
        closing(_connection(database_url)) as watch,
        closing(_connection(database_url)) as last,
        closing(_connection(database_url)) as first,
    ):
        # Within one transaction it would see the same each time.
        watch.autocommit = True
        yield Queue(workshop, first, last, watch, between, behind)


def _connection(database_url: str) -> Any:
    return psycopg2.connect(database_url, options=f"-c lock_timeout={_PATIENCE}s")


def _ask(connection: Any, sql: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
