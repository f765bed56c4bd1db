"""A second database beside the tests' own, and what stands in either, read without Django."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.core.management import call_command
from django.db import connection

from tests.product import ROOT
from tests.servers import database_url, production_environment

Dump = dict[str, list[str]]
_NOBODY = "redis://127.0.0.1:1/0"


@dataclass(frozen=True)
class Said:
    out: list[str]
    err: list[str]


@dataclass(frozen=True)
class Database:
    url: str

    def command(self, name: str, *arguments: str, **options: Any) -> Said:
        """A command in this process, on this database."""
        said, complained = io.StringIO(), io.StringIO()
        with self._instead():
            call_command(name, *arguments, stdout=said, stderr=complained, no_color=True, **options)
        return Said(said.getvalue().splitlines(), complained.getvalue().splitlines())

    @contextlib.contextmanager
    def _instead(self) -> Iterator[None]:
        name, own_name = self.url.removeprefix("sqlite:///"), connection.settings_dict["NAME"]
        if not self.url.startswith("sqlite"):
            name = self.url.rpartition("/")[2]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = own_name

    def manage(self, *arguments: str, stdin: IO[bytes] | None = None) -> subprocess.CompletedProcess[str]:
        """manage.py in a process of its own, as an operator calls it."""
        values = {**production_environment(_NOBODY), "DATABASE_URL": self.url, "PYTHONWARNINGS": "ignore"}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=values,
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(self._connect()) as database:
            cursor = database.cursor()
            cursor.execute(statement)
            rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
            database.commit()
            return rows

    def tables(self) -> list[str]:
        found = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if self.url.startswith("sqlite")
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return sorted(name for [name] in self.ask(found))

    def dump(self) -> Dump:
        """Every row of every table."""
        return {name: self._rows(name) for name in self.tables()}

    def _rows(self, table: str) -> list[str]:
        return sorted(map(_text, self.ask(f'SELECT * FROM "{table}"')))  # noqa: S608 (the database's own name)

    def _connect(self) -> Any:
        if self.url.startswith("sqlite"):
            return sqlite3.connect(self.url.removeprefix("sqlite:///"))
        return psycopg2.connect(self.url)


def _text(row: tuple[Any, ...]) -> str:
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])


def own() -> Database:
    return Database(database_url())


@contextlib.contextmanager
def empty_database(directory: Path) -> Iterator[Database]:
    if connection.vendor == "sqlite":
        yield Database(f"sqlite:///{directory / f'{secrets.token_hex(4)}.sqlite3'}")
        return
    name = f"koprue_empty_{os.getpid()}_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield Database(database_url().rpartition("/")[0] + f"/{name}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
