"""The database goes away in the middle of a batch."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from django.db import connection

from registration.models import Message
from tests.faults.fate import fate, settle
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe, copies_of
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
COUNT = 60


@contextlib.contextmanager
def administration() -> Iterator[Any]:
    """A cursor of somebody who looks at the server from another database of it."""
    values = connection.settings_dict
    server = psycopg2.connect(
        host=values["HOST"],
        port=values["PORT"],
        user=values["USER"],
        password=values["PASSWORD"],
        dbname="postgres",
    )
    server.autocommit = True
    with contextlib.closing(server), server.cursor() as cursor:
        yield cursor


@contextlib.contextmanager
def _administrator() -> Iterator[Callable[[str], None]]:
    name = connection.settings_dict["NAME"]
    with administration() as cursor:
        yield lambda statement: cursor.execute(statement, {"name": name, "own": own_session()})


def own_session() -> int:
    """The test's own session, which is left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s AND pid <> %(own)s"
)


def _break_off() -> None:
    """Every session ends, again and again; then nobody is let in for a while, as while a server starts."""
    name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    with _administrator() as ask:
        for _ in range(8):
            ask(END_SESSIONS)
            time.sleep(0.1)
        ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            ask(END_SESSIONS)
            time.sleep(1.5)
        finally:
            ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def _lock() -> None:
    """One writer keeps the whole file for some seconds."""
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 20000")
        for _ in range(2):
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(1.2)
            other.execute("ROLLBACK")
            time.sleep(0.1)


def test_a_database_that_goes_away_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    owe: Owe, office: PostOffice
) -> None:
    template = owe(Message.Kind.LINK)
    office.mail.wait_for(1)
    owed = copies_of(template, COUNT)
    Message.objects.bulk_create(owed)
    office.nudge()
    office.mail.wait_for(5)

    _lock() if connection.vendor == "sqlite" else _break_off()
    settle(office)

    assert Counter(office.mail.ids) == Counter(message.message_id for message in [template, *owed])
    assert {fate(message)[0] for message in owed} == {"sent"}


def test_a_mail_that_was_accepted_while_the_database_was_away_is_not_sent_again(
    owe: Owe, office: PostOffice
) -> None:
    reached = office.mail.hold("accepted")
    message = owe(Message.Kind.CONFIRMED)
    reached.wait()

    if connection.vendor == "sqlite":
        _accept_while_locked(office, reached.release)
    else:
        _accept_while_away(reached.release)

    wait_until(lambda: fate(message)[0] == "sent", what="the result")
    assert fate(message) == ("sent", 1, "")
    assert office.mail.ids == [message.message_id]


def _accept_while_locked(office: PostOffice, release: Callable[[], None]) -> None:
    with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        release()
        time.sleep(1)
        other.execute("ROLLBACK")


def _accept_while_away(release: Callable[[], None]) -> None:
    name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    with _administrator() as ask:
        ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            ask(END_SESSIONS)
            release()
            time.sleep(1.5)
        finally:
            ask(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
