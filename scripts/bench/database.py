"""PostgreSQL for the benchmark: a server of its own, and a copy of a filled database for whoever measures."""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import postgres

from .processes import BenchError, parent_of, processor_time

_COPY = 'CREATE DATABASE "{new}" TEMPLATE "{old}" STRATEGY FILE_COPY'


class Databases:
    """`url` leads to the server's own database, from where the others are watched without being touched."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._numbers = itertools.count(1)
        with self._cursor(url) as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_backend_pid()")
            self.version, backend = cursor.fetchone()
            self.pid = parent_of(backend)

    def ask(self, sql: str, *values: Any, url: str = "") -> list[tuple[Any, ...]]:
        with self._cursor(url or self.url) as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall()) if cursor.description else []

    @contextlib.contextmanager
    def _cursor(self, url: str) -> Iterator[Any]:
        connection = psycopg2.connect(url)
        connection.autocommit = True  # databases are not made and dropped within a transaction
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor

    def make(self, name: str, *, template: str = "template1") -> str:
        """The new database's URL."""
        self.ask(_COPY.format(new=name, old=template))
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    @contextlib.contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a copy that is dropped with the block."""
        name = f"copy_{next(self._numbers)}"
        url = self.make(name, template=template)
        try:
            yield url
        finally:
            self.ask(f"DROP DATABASE {name} WITH (FORCE)")

    def transactions(self, url: str) -> int:
        """How many a database has seen; a query on its own is one. Backends report theirs with a delay of a second."""
        [[count]] = self.ask(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = %s", name_of(url)
        )
        return int(count)

    @contextlib.contextmanager
    def still(self) -> Iterator[None]:
        """Without what the server does of its own accord, which would be counted among the transactions."""
        self._set_autovacuum("off")
        try:
            yield
        finally:
            self._set_autovacuum("on")

    def _set_autovacuum(self, value: str) -> None:
        self.ask(f"ALTER SYSTEM SET autovacuum = {value}")
        self.ask("SELECT pg_reload_conf()")

    def processor(self) -> float:
        """Seconds of processor time of all the server's processes."""
        return processor_time(self.pid)


def name_of(url: str) -> str:
    return urlsplit(url).path.strip("/")


@contextlib.contextmanager
def databases() -> Iterator[Databases]:
    try:
        with postgres.own_server() as url:
            yield Databases(url)
    except postgres.NoServerError as error:
        raise BenchError(f"no PostgreSQL here: {error}") from error
