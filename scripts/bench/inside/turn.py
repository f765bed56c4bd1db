"""For how long a workshop's row is held by whoever takes a place: `… inside.turn COUNT MARK`; prints seconds.

From the moment the database is asked for the row (nobody else wants it here) to the end of the transaction.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from . import EMPTY, answer, ready

ready()

from django.db import connection, transaction
from django.test import Client

from ..load import HOST
from ..processes import BenchError
from ..rows.rush import FORM
from .people import people

_HELD = f'UPDATE "{"workshops_workshop"}"'


class _Watch:
    """Notes when the row is asked for, and when the transaction that did has been committed."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.turns: list[float] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if self.began is None and _HELD in sql:
            self.began = time.perf_counter()
            transaction.on_commit(self._end)
        return execute(sql, *rest)

    def _end(self) -> None:
        assert self.began is not None  # noqa: S101
        self.turns.append(time.perf_counter() - self.began)
        self.began = None


def main(count: int, mark: str) -> None:
    sessions = [line.split("\t")[1] for line in Path(people(count, mark)).read_text().splitlines()]
    watch = _Watch()
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(watch))
        for session in sessions:
            _register(session)
    if len(watch.turns) != count:
        raise BenchError(f"of {count} people only {len(watch.turns)} took a place in “{EMPTY}”")
    answer(median(watch.turns))


def _register(session: str) -> None:
    client = Client(headers={"host": HOST})
    client.cookies["__Host-sessionid"] = session
    client.post("/de/register/", FORM, secure=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
