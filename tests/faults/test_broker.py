"""The broker is stopped, emptied or silent; tasks come several times; nudges get lost."""

from __future__ import annotations

import os
import pickle
import shelve
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from conference.publishing import publish
from registration.domain.outbox import nudge
from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.sweep import sweep
from registration.models import Message
from tests.faults.fate import assert_arrived, end_leases, end_waits, fate, settle, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe
from tests.servers import wait_until
from tests.waited import waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("fault", ["stopped", "silent"])
def test_a_broker_that_goes_and_comes_back_loses_nothing(
    owe: Owe, office: PostOffice, worker: None, fault: str
) -> None:
    before = owe(Message.Kind.CONFIRMED)
    wait_for("sent", before)
    # Its task would take the next ones, too.
    wait_until(office.broker.is_done, what="the end of its task")

    with getattr(office.broker, fault)():
        with waiting() as waited:
            owed = [owe(Message.Kind.CONFIRMED) for _ in range(3)]
        # Each of them would wait for a second.
        assert waited.seconds < 1
        time.sleep(1.5)  # longer than the worker waits for an answer
        assert [fate(message) for message in owed] == [("queued", 0, "")] * 3
    settle(office)

    assert_arrived(office, [before, *owed])


def test_a_broker_that_is_silent_when_a_task_ends_does_not_silence_the_worker(
    owe: Owe, office: PostOffice, worker: None
) -> None:
    """Its acknowledgement gets lost: the worker has to take tasks all the same once the broker is back."""
    reached = office.mail.hold("rcpt")
    first = owe(Message.Kind.CONFIRMED)
    reached.wait()
    with office.broker.silent():
        reached.release()
        wait_until(lambda: "Couldn't ack" in office.log, what="the lost acknowledgement")
    second = owe(Message.Kind.CONFIRMED)
    settle(office)

    assert_arrived(office, [first, second])


def test_nudges_that_were_flushed_are_made_good_by_the_sweep(owe: Owe, office: PostOffice) -> None:
    for worker in office.workers:
        worker.kill()
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
    wait_until(office.broker.queued, what="the nudge")
    office.broker.flush()
    settle(office)

    assert_arrived(office, owed)


def test_the_same_task_three_times_sends_once(owe: Owe, office: PostOffice, worker: None) -> None:
    with office.worker().frozen():
        owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
        for _ in range(3):
            office.nudge()
            office.sweep()
    for message in owed:
        wait_for("sent", message)
    wait_until(lambda: office.broker.queued() == 0, what="the last task")

    assert_arrived(office, owed)


def test_two_workers_and_two_sweepers_on_one_message_send_it_once(
    owe: Owe, office: PostOffice, worker: None
) -> None:
    """Its first worker has died; both others are asked to sweep and to send at the same moment, twice each."""
    with office.worker().frozen():
        message = owe(Message.Kind.CONFIRMED)
        assert claim_next() == message
        end_leases()
    first, second = office.worker(), office.new_worker()
    wait_until(lambda: len(office.app.control.ping(timeout=0.5)) == 2, what="both workers")
    for _ in range(2):
        office.sweep(), office.sweep(), office.nudge(), office.nudge()
    wait_for("retry", message)
    # Frozen within a transaction, they would keep what they have locked.
    wait_until(office.broker.is_done, what="the last sweep")
    with second.frozen(), first.frozen():
        end_waits()
        for _ in range(4):
            office.sweep(), office.nudge()
    wait_for("sent", message)
    wait_until(lambda: office.broker.queued() == 0, what="the last task")
    second.kill()

    assert_arrived(office, [message], attempts=2)


def test_sweepers_at_the_same_moment_take_each_message_back_once(owe: Owe) -> None:
    owed = [owe(Message.Kind.LINK) for _ in range(20)]
    while claim_next():
        pass
    end_leases()
    taken: list[int] = []

    def run() -> None:
        taken.append(sweep())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 20
    assert {fate(message)[:2] for message in owed} == {("retry", 1)}


def test_the_task_of_a_killed_worker_comes_back_by_itself(owe: Owe, office: PostOffice) -> None:
    """Celery hands it out again after the visibility timeout, as if that had passed."""
    office.worker()
    reached = office.mail.hold("connect")
    message = owe(Message.Kind.CONFIRMED)
    reached.wait()
    office.worker().kill()
    reached.release()
    with office.broker.client() as client:
        for tag in client.zrange("unacked_index", 0, -1):
            client.zadd("unacked_index", {tag: 0})
        assert client.zcard("unacked_index") == 1

    office.worker()

    wait_for("sent", message)
    assert_arrived(office, [message])


def test_a_task_is_not_handed_out_again_while_it_still_runs() -> None:
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("visibility_timeout", 600)

    assert timeout > settings.CELERY_TASK_TIME_LIMIT > settings.CELERY_TASK_SOFT_TIME_LIMIT


DIES_BEFORE_ITS_NUDGE = """
import os, signal, django
django.setup()
from django.db import transaction
from registration.domain.outbox.owe import owe_message
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    owe_message(kind="link", recipient="person@example.org")
"""


def test_a_process_that_dies_between_its_commit_and_the_nudge_leaves_the_message_to_the_sweep(
    owe: Owe, office: PostOffice
) -> None:
    # A worker of the test before would send what is only here to be deleted again.
    for worker in office.workers:
        worker.kill()
    template = owe(Message.Kind.LINK)
    wait_until(office.broker.queued, what="the nudge that the message itself gave")
    Message.objects.all().delete()
    office.broker.flush()

    dead = subprocess.run(
        [sys.executable, "-c", DIES_BEFORE_ITS_NUDGE], env=office.environment(), check=False
    )

    assert dead.returncode == -9
    assert office.broker.queued() == 0
    message = Message.objects.get()
    assert fate(message) == ("queued", 0, "")
    Message.objects.update(participant=template.participant, link=template.link)
    settle(office)
    assert_arrived(office, [message])


NUDGES_BEFORE_AND_AFTER_A_FORK = """
import os, django
django.setup()
from registration.domain.outbox import nudge
def settled_nudge():
    nudge.nudge()
    nudge._settle()
settled_nudge()
child = os.fork()
settled_nudge()
if child == 0:
    os._exit(0)
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_process_that_was_forked_off_nudges_as_its_parent_does(office: PostOffice) -> None:
    for worker in office.workers:
        worker.kill()
    office.broker.flush()

    result = subprocess.run(
        [sys.executable, "-c", NUDGES_BEFORE_AND_AFTER_A_FORK],
        env=office.environment(),
        check=False,
        timeout=120,
    )

    assert (result.returncode, office.broker.queued()) == (0, 3)


def test_beat_goes_on_after_the_broker_was_away_and_after_the_clock_was_put_back(
    owe: Owe, office: PostOffice, worker: None
) -> None:
    beat = office.beat()
    try:
        _sweeps_come(owe, office)
        with office.broker.silent():
            time.sleep(1.5)
        with office.broker.stopped():
            time.sleep(1)
        _sweeps_come(owe, office)
        beat.terminate()
        beat.wait(timeout=60)
        _put_back_the_clock(office.directory / "data" / "beat-schedule")
        beat = office.beat()
        _sweeps_come(owe, office)
    finally:
        os.killpg(beat.pid, 9)
        beat.wait()


def _sweeps_come(owe: Owe, office: PostOffice) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(
        status="sending", attempts=1, claim=message.pk, claimed_at=timezone.now() - timedelta(hours=1)
    )
    wait_for("retry", message)


def _put_back_the_clock(schedule: Path) -> None:
    """By a day, as beat sees it: what it did last lies in the future."""
    with shelve.open(str(schedule), writeback=True) as kept:  # noqa: S301 (beat has just written it)
        for entry in kept["entries"].values():
            entry.last_run_at += timedelta(days=1)
        assert pickle.dumps(kept["entries"])


def test_a_nudge_reaches_a_queue_that_was_flushed_before_it(
    owe: Owe, office: PostOffice, worker: None
) -> None:
    """Publishers remember what they have declared; a broker that forgot it must not swallow their tasks."""
    first = owe(Message.Kind.LINK)
    wait_for("sent", first)
    office.broker.flush()

    assert publish(nudge.TASK) is True
    second = owe(Message.Kind.LINK)

    wait_for("sent", second)
    assert_arrived(office, [first, second])
