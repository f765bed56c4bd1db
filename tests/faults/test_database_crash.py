"""The database server itself breaks down, and forgets what it had not written to its disk."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings

from scripts import postgres
from tests.outbox.smtp import MailServer
from tests.servers import valkey, wait_until

# The worker claims one message, then two, four, eight: this one is the fifth of eight.
COUNT, HELD = 20, 12
# It writes to its disk for those that wait for it only.
_FORGETFUL = ["wal_writer_delay=10s", "fsync=off"]


@pytest.fixture
def url() -> Iterator[str]:
    with postgres.own_server(options=_FORGETFUL) as url:
        yield url


@contextlib.contextmanager
def _cursor(url: str) -> Iterator[Any]:
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        yield cursor


def _statuses(url: str) -> Counter[str]:
    with _cursor(url) as cursor:
        cursor.execute("SELECT status, count(*) FROM registration_message GROUP BY status")
        return Counter(dict(cursor.fetchall()))


@contextlib.contextmanager
def _started(
    url: str, mail: MailServer, redis_url: str, directory: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "DATA_DIR": str(directory),
        "DATABASE_URL": url,
        "EMAIL_URL": "smtp://{}:{}".format(*mail.address),
        "REDIS_URL": redis_url,
        "MAIL_SECONDS": "60",
    }
    command = [sys.executable, "-m", "tests.faults.pile", *arguments]
    with subprocess.Popen(command, env=environment, cwd=settings.ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _break_down(url: str) -> None:
    """As if the machine lost its power: what the server's processes share is gone, and it starts anew."""
    with _cursor(url) as witness:
        with _cursor(url) as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            os.kill(cursor.fetchone()[0], signal.SIGKILL)
        wait_until(lambda: _is_cut_off(witness), what="the server to notice")
    wait_until(lambda: _answers(url), what="the database, recovered")


def _is_cut_off(cursor: Any) -> bool:
    """The server ends every session before it recovers; until then it goes on answering."""
    try:
        cursor.execute("SELECT 1")
    except psycopg2.Error:
        return True
    return False


def _answers(url: str) -> bool:
    with contextlib.suppress(psycopg2.Error):
        return bool(_statuses(url))
    return False


@pytest.fixture(params=["journal", "none"])
def redis_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Nobody has to be told of anything; only the journal may be kept there."""
    if request.param == "none":
        yield "redis://127.0.0.1:1/0"
        return
    with valkey(tmp_path) as url:
        yield url


@pytest.mark.postgresql
def test_a_database_that_breaks_down_doubles_no_mail_and_loses_no_result(
    url: str, redis_url: str, tmp_path: Path
) -> None:
    with MailServer() as mail:
        with _started(url, mail, redis_url, tmp_path, "make", str(COUNT)) as maker:
            assert maker.wait() == 0
        reached = mail.hold_number(HELD, "accepted")
        with _started(url, mail, redis_url, tmp_path, "drain") as worker:
            reached.wait()

            before = _statuses(url)
            _break_down(url)
            after = _statuses(url)
            reached.release()

            assert worker.wait(timeout=120) == 0
        assert before == after
        assert [count for _id, count in Counter(mail.ids).items() if count > 1] == []
        assert len(mail.ids) == COUNT
        assert _statuses(url) == {"sent": COUNT}
