"""kill -9: the worker's child, or the worker with all its children, at each point of a message's way."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction

from registration.models import Message
from tests.faults.fate import assert_arrived, end_leases, end_waits, fate, settle, sweep_until, wait_for
from tests.faults.processes import PostOffice
from tests.faults.test_database import own_session
from tests.outbox.conftest import Owe
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
DIED = "The worker ended while it was sending."
both = pytest.mark.parametrize("victim", ["child", "worker"])


def _kill(office: PostOffice, victim: str) -> None:
    worker = office.worker()
    if victim == "worker":
        worker.kill()
        return
    before = worker.children
    worker.kill_child()
    wait_until(lambda: set(worker.children) - set(before), what="another child")


@both
def test_killed_before_the_claim(owe: Owe, office: PostOffice, victim: str) -> None:
    """The connection is opened before a message is claimed: the server holds it there."""
    reached = office.mail.hold("connect")
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
    reached.wait()

    assert [fate(message) for message in owed] == [("queued", 0, "")] * 2
    _kill(office, victim)
    reached.release()
    settle(office)

    assert_arrived(office, owed)


@both
def test_killed_after_the_claim_and_before_the_server_had_the_text(
    owe: Owe, office: PostOffice, victim: str
) -> None:
    reached = office.mail.hold("rcpt")
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
    reached.wait()

    assert fate(owed[0]) == ("sending", 1, "")
    _kill(office, victim)
    reached.release()
    settle(office)

    assert_arrived(office, owed, attempts=2)


@both
def test_killed_after_the_server_accepted_and_before_the_commit(
    owe: Owe, office: PostOffice, victim: str
) -> None:
    """A second copy, with the same Message-ID: nobody can know that the first one was accepted.

    The server waits for the next mail's text by then: it has not accepted it, and it arrives once.
    """
    reached = office.mail.hold("accepted")
    # The worker begins the second one before the first one has ended: it has to be there.
    with transaction.atomic():
        owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
    reached.wait()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=owed[0].pk)
        reached.release()
        time.sleep(0.3)  # "250" is with the worker, which waits for this row
        assert office.mail.ids == [owed[0].message_id]
        office.worker().kill() if victim == "worker" else office.worker().kill_child()
        _end_what_it_asked_for()
    assert fate(owed[0]) == ("sending", 1, "")
    settle(office)

    assert_arrived(office, owed, attempts=2, then=2, twice=[owed[0]])


def _end_what_it_asked_for() -> None:
    """PostgreSQL would finish the statement of somebody who has died, and the mail would not be sent again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> %s AND wait_event_type = 'Lock'",
                [own_session()],
            )


def test_a_mail_that_kills_its_worker_each_time_is_given_up_and_the_others_leave(
    owe: Owe, office: PostOffice
) -> None:
    with transaction.atomic():  # The worker runs already: it must not see the message before it is deadly.
        poison = owe(Message.Kind.CONFIRMED)
        Message.objects.filter(pk=poison.pk).update(attempts=8)

        def kill(address: str) -> None:
            if address == poison.recipient:
                office.worker().kill_child()

        office.mail.on_rcpt = kill
    others = [owe(Message.Kind.CONFIRMED) for _ in range(3)]
    for attempt in (9, 10, 11):
        sweep_until(office, lambda n=attempt: fate(poison)[:2] == ("sending", n), what=f"attempt {attempt}")
        end_leases()
        sweep_until(office, lambda: fate(poison)[0] in {"retry", "failed"}, what="the claim to be given up")
        end_waits()
    for other in others:
        wait_for("sent", other)

    assert fate(poison) == ("failed", 11, DIED)
    assert_arrived(office, others)
