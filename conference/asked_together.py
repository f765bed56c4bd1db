"""Several kept queries in one round trip: PostgreSQL answers each with a list of rows, as JSON."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from conference.gathered import cursor_of, is_watched
from conference.kept_queries import KeptQuery, _Kept, _Reading, _Statement
from conference.lost_connections import ask

# What JSON says in another way than psycopg2.
_READ: dict[str, Callable[[str], Any]] = {
    "DateField": dt.date.fromisoformat,
    "DateTimeField": dt.datetime.fromisoformat,
    "UUIDField": uuid.UUID,
}
_AS_IT_IS = {
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "BooleanField",
    "CharField",
    "ForeignKey",
    "IntegerField",
    "JSONField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SlugField",
    "TextField",
}


class KeptQueries(_Kept):
    """For PostgreSQL one statement, and so one moment at which all of it holds; elsewhere one after the other.

    A slot's name stands for the same value in all of them.
    """

    def __init__(self, *queries: KeptQuery[Any]) -> None:
        super().__init__()
        self._queries = queries

    def all(self, **values: Any) -> list[list[Any]]:
        """The objects of each query."""
        connection = connections[DEFAULT_DB_ALIAS]
        if connection.vendor != "postgresql" or is_watched(connection):
            return [query.all(**values) for query in self._queries]
        together: _Together = self._kept(connection.vendor)
        found = ask(connection, lambda: together.rows(connection, values))
        return [part.objects(rows) for part, rows in zip(together.parts, found, strict=True)]

    def _make(self) -> _Together:
        return _Together([query._kept(connection.vendor) for query in self._queries])


class _Together:
    def __init__(self, readings: Sequence[_Reading]) -> None:
        self.parts = [_Part(reading) for reading in readings]
        values = [value for reading in readings for value in reading.statement.values]
        self.statement = _Statement(f"SELECT {', '.join(part.sql for part in self.parts)}", values)

    def rows(self, connection: BaseDatabaseWrapper, given: dict[str, Any]) -> Sequence[str | None]:
        with cursor_of(connection) as cursor:
            self.statement.run(cursor, given)
            found: Sequence[str | None] = cursor.fetchone()
        return found


class _Part:
    def __init__(self, reading: _Reading) -> None:
        self.reading = reading
        # As text, which psycopg2 leaves alone; and so is JSON that stands in a column, for Django to read.
        columns = [f"c{n}::text" if kind == "JSONField" else f"c{n}" for n, kind in enumerate(reading.kinds)]
        names = ", ".join(f"c{n}" for n in range(len(reading.kinds)))
        rows = f"FROM ({reading.statement.sql}) AS asked ({names})"
        # Names of our own, and SQL that Django has made.
        self.sql = f"(SELECT json_agg(json_build_array({', '.join(columns)}))::text {rows})"  # nosec B608
        self.converted = [(n, _READ[kind]) for n, kind in enumerate(reading.kinds) if kind not in _AS_IT_IS]

    def objects(self, rows: str | None) -> list[Any]:
        found = [self._read(row) for row in json.loads(rows)] if rows else []
        return self.reading.objects_of(found)

    def _read(self, row: list[Any]) -> list[Any]:
        for place, read in self.converted:
            if row[place] is not None:
                row[place] = read(row[place])
        return row
