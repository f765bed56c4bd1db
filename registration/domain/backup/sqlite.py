"""SQLite's own way to copy a database in use: pages of one moment, whoever writes meanwhile."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from registration.domain.backup.archive import Archive, Writable
from registration.domain.backup.engine import LEFT_OUT
from registration.domain.backup.errors import BackupError

_CHUNK = 1 << 20


class SqliteSnapshot:
    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path)) as copy:
            self.tables = _count(copy)

    def copy_to(self, target: Writable) -> None:
        packed = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6, mtime=0, filename="")  # type: ignore[call-overload]
        with self._path.open("rb") as file, packed:
            shutil.copyfileobj(file, packed, _CHUNK)


@contextmanager
def snapshot() -> Iterator[SqliteSnapshot]:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "database"
        with closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            for name in LEFT_OUT:
                copy.execute(f'DELETE FROM "{name}"')  # noqa: S608 (our own name)  # nosec B608
            copy.commit()
            copy.execute("VACUUM")  # what was deleted is not in the file either
        yield SqliteSnapshot(path)


def server() -> str:
    return sqlite3.sqlite_version


def restore(*, archive: Archive, tables: Mapping[str, int], finish: Sequence[str]) -> None:
    """Unpacked, checked and finished beside the database, then copied into it at once."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "database"
        _unpack(archive, path)
        with closing(sqlite3.connect(path)) as copy:
            _require_whole(copy, tables)
            for statement in finish:
                copy.execute(statement)
            copy.commit()
            connection.ensure_connection()
            copy.backup(connection.connection)
    connection.close()


def _unpack(archive: Archive, path: Path) -> None:
    packed = path.with_suffix(".gz")
    with packed.open("wb") as file:
        archive.copy_database(file)
    with gzip.open(packed) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _require_whole(copy: sqlite3.Connection, tables: Mapping[str, int]) -> None:
    [[answer]] = copy.execute("PRAGMA integrity_check(1)")
    if answer != "ok" or _count(copy) != tables:
        raise BackupError("The database in this backup is damaged. Nothing was restored.")


def _count(copy: sqlite3.Connection) -> dict[str, int]:
    found = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    names = [name for [name] in found.fetchall()]
    return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # nosec B608
