"""PostgreSQL's own tools, which know everything a database can hold; one snapshot for the dump and for the counts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from registration.domain.backup.archive import Archive, Writable
from registration.domain.backup.engine import LEFT_OUT, count_tables
from registration.domain.backup.errors import BackupError

_CHUNK = 1 << 20


class PostgresSnapshot:
    def __init__(self, snapshot: str) -> None:
        self._snapshot = snapshot
        self.tables = count_tables()

    def copy_to(self, target: Writable) -> None:
        excluded = [f"--exclude-table-data=*.{name}" for name in LEFT_OUT]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={self._snapshot}"]
        address, environment = _address()
        command = [_program("pg_dump"), *options, *excluded, *address]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
            with process:
                assert process.stdout is not None  # noqa: S101 (PIPE was asked for)  # nosec B101
                shutil.copyfileobj(process.stdout, target, _CHUNK)
            if process.returncode:
                raise BackupError(f"pg_dump failed: {_reason(said)}")


@contextmanager
def snapshot() -> Iterator[PostgresSnapshot]:
    """Whoever registers meanwhile is not held up, and is not in it."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield PostgresSnapshot(cursor.fetchone()[0])


def server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def restore(*, archive: Archive, tables: Mapping[str, int], finish: Sequence[str]) -> None:
    """In one transaction: restored, counted, and `finish` carried out, or the database is as empty as before."""
    restorer, client = _program("pg_restore"), _program("psql")
    address, environment = _address()
    connection.close()
    command = [client, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *address]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as dump_said:
        psql = subprocess.Popen(  # noqa: S603
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            whole = _pour(archive, restorer, psql, dump_said)
            script = "".join(f"{line};\n" for line in [*_counted(tables), *finish, "COMMIT"])
            _close(psql, script if whole else "")
        finally:
            psql.kill()
            psql.wait()
        if psql.returncode or not whole:
            raise BackupError(f"Nothing was restored: {_reason(said) or _reason(dump_said)}")


def _pour(archive: Archive, restorer: str, psql: subprocess.Popen[bytes], said: IO[bytes]) -> bool:
    """Without the COMMIT that only follows when all has arrived, psql's end rolls everything back."""
    assert psql.stdin is not None  # noqa: S101 (PIPE was asked for)  # nosec B101
    with suppress(BrokenPipeError):  # ended already: it has said why
        psql.stdin.write(b"BEGIN;\n")
        psql.stdin.flush()
    command = [restorer, "--no-owner", "--no-privileges", "--file=-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=psql.stdin, stderr=said)  # noqa: S603
    assert process.stdin is not None  # noqa: S101 (PIPE was asked for)  # nosec B101
    with suppress(BrokenPipeError):
        archive.copy_database(process.stdin)
    with suppress(BrokenPipeError):
        process.stdin.close()
    return process.wait() == 0


def _close(psql: subprocess.Popen[bytes], script: str) -> None:
    assert psql.stdin is not None  # noqa: S101 (PIPE was asked for)  # nosec B101
    with suppress(BrokenPipeError):
        psql.stdin.write(script.encode())
        psql.stdin.flush()
    with suppress(BrokenPipeError):
        psql.stdin.close()
    psql.wait()


def _counted(tables: Mapping[str, int]) -> Iterator[str]:
    yield "RESET search_path"
    for name, rows in tables.items():
        table = connection.ops.quote_name(name)
        yield (
            f"DO $count$ BEGIN IF (SELECT count(*) FROM {table}) <> {int(rows)} THEN "  # noqa: S608 (quoted)  # nosec B608
            f"RAISE EXCEPTION 'another number of rows than was backed up in {table}'; END IF; END $count$"
        )


def _address() -> tuple[list[str], dict[str, str]]:
    """How Django's own `dbshell` would connect: the password in the environment, never among the arguments."""
    [_, *address], environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    return address, {**os.environ, **(environment or {})}


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not installed (Debian: postgresql-client).")
    return found


def _reason(said: IO[bytes]) -> str:
    said.seek(0)
    lines = [line for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in lines if "ERROR" in line or "error:" in line), lines[0] if lines else "")
