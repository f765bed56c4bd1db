"""Beat comes twice, a worker dies in the middle: each person gets each mail exactly once."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections, transaction

from registration.domain.by_the_clock.digest import write_digests
from registration.domain.by_the_clock.remind import remind_admitted
from registration.domain.by_the_clock.thank import thank_participants
from registration.models import Message, Notice
from tests.by_the_clock.conftest import DAY, START, admit
from tests.by_the_clock.test_digest import SEVEN, wanting
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8
RUNS: dict[str, Callable[[], object]] = {
    "day_before": lambda: remind_admitted(at=START - DAY, seconds=60),
    "thanks": lambda: thank_participants(at=START + dt.timedelta(days=1, hours=1), seconds=60),
    "digest": lambda: write_digests(at=SEVEN),
}


@pytest.fixture
def filled(event: Workshop) -> Workshop:
    for _ in range(PEOPLE):
        admit(event)
    admit(event, status="requested")
    wanting(conference=event.conference)
    return event


def at_once(run: Callable[[], object], times: int = 4) -> None:
    """From as many threads, each with a connection of its own."""
    barrier = threading.Barrier(times)

    def work() -> None:
        barrier.wait()
        try:
            run()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.parametrize("kind", sorted(RUNS))
def test_beat_that_comes_twice_writes_once(filled: Workshop, kind: str) -> None:
    at_once(RUNS[kind])

    expected = 1 if kind == "digest" else PEOPLE
    assert list(Message.objects.values_list("kind", flat=True)) == [kind] * expected
    recipients = set(Message.objects.values_list("recipient", flat=True))
    assert len(recipients) == expected


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["day_before", "thanks"])
def test_a_worker_that_dies_in_the_middle_leaves_nothing_half_done(filled: Workshop, kind: str) -> None:
    """It waits for a notice somebody else is just writing, with its own already written; there it is killed."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            RUNS[kind]()
        except OperationalError as error:
            failed.append(error)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    registration = filled.registrations.filter(status="confirmed").latest("pk")
    with transaction.atomic():
        Notice.objects.create(registration=registration, day=filled.days.get(), kind=kind)
        worker.start()
        kill_who_waits()
        worker.join(60)
        transaction.set_rollback(True)

    assert len(failed) == 1
    assert (Message.objects.count(), Notice.objects.count()) == (0, 0)
    RUNS[kind]()
    assert (Message.objects.filter(kind=kind).count(), Notice.objects.count()) == (PEOPLE, PEOPLE)


def kill_who_waits(seconds: float = 60) -> None:
    """Ends the one session of this database that waits for a lock, once there is one."""
    ends = time.monotonic() + seconds
    killed = 0
    with connection.cursor() as cursor:
        while not killed and time.monotonic() < ends:
            # Within a transaction PostgreSQL would show what it showed at first.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            [killed] = cursor.fetchone()
    assert killed == 1
