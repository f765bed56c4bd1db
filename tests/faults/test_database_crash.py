"""The database server itself breaks down, and forgets what it had not yet written to its disk."""

from __future__ import annotations

import contextlib
import itertools
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
from tests.outbox.smtp import Hold, MailServer
from tests.servers import wait_until

# The worker claims one message, then two, four, eight: this one is the fifth of eight.
COUNT, HELD = 20, 12
# It writes to its disk for those that wait for it only.
_FORGETFUL = ["wal_writer_delay=10s", "fsync=off"]


@pytest.fixture(scope="module")
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
    url: str, mail: MailServer, directory: Path, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
        "DATA_DIR": str(directory),
        "DATABASE_URL": url,
        "EMAIL_URL": "smtp://{}:{}".format(*mail.address),
        # Nobody has to be told of anything.
        "REDIS_URL": "redis://127.0.0.1:1/0",
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


def _hold_number(mail: MailServer, number: int) -> Hold:
    """The server has that mail in its books, and nobody knows yet."""
    hold, numbers = Hold(), itertools.count(1)

    def count(_address: str) -> None:
        if next(numbers) == number:
            mail.hold("accepted", hold)

    mail.on_rcpt = count
    return hold


@pytest.mark.postgresql
def test_a_result_that_the_database_forgot_is_written_again_and_no_mail_is_sent_twice(
    url: str, tmp_path: Path
) -> None:
    with MailServer() as mail:
        with _started(url, mail, tmp_path, "make", str(COUNT)) as maker:
            assert maker.wait() == 0
        reached = _hold_number(mail, HELD)
        with _started(url, mail, tmp_path, "drain") as worker:
            reached.wait()

            before = _statuses(url)
            _break_down(url)
            after = _statuses(url)
            reached.release()

            assert worker.wait(timeout=120) == 0
        assert before["sent"] > after["sent"], "nothing was forgotten: the test proves nothing"
        assert [count for _id, count in Counter(mail.ids).items() if count > 1] == []
        assert len(mail.ids) == COUNT
        assert _statuses(url) == {"sent": COUNT}
