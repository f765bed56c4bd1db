"""Everything that locks, counts and claims, through pgbouncer in transaction mode."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from tests.product import ROOT
from tests.scaling.pooler import pooler

# What relies on locks held over several statements, on conditional statements, on cursors or on many clients at once.
_SUITES = (
    "tests/conference/test_kept_queries.py",
    "tests/registration/test_places.py",
    "tests/registration/test_locks.py",
    "tests/outbox/test_claim.py",
    "tests/outbox/test_pace.py",
    "tests/admin/test_export.py",
)


@pytest.mark.postgresql
def test_what_locks_and_counts_passes_behind_a_pooler_in_transaction_mode(tmp_path: Path) -> None:
    server = os.environ["TEST_DATABASE_URL"]
    name = f"pooled_{os.getpid()}"
    with pooler(url=server, directory=tmp_path) as url:
        environment = {**os.environ, "TEST_DATABASE_URL": _named(url, name)}
        for variable in ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_TESTRUNUID"):
            environment.pop(variable, None)
        # The database is kept, since the pooler still holds connections to it; dropped below, with force.
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--reuse-db", "-p", "no:cacheprovider"]
        result = subprocess.run(
            [*command, *_SUITES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    _drop(server, f"test_{name}")
    assert result.returncode == 0, result.stdout[-4000:]
    assert re.search(r"\d+ passed", result.stdout)


def _named(url: str, name: str) -> str:
    return url.rpartition("/")[0] + f"/{name}"


def _drop(server: str, name: str) -> None:
    connection = psycopg2.connect(_named(server, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    connection.close()
