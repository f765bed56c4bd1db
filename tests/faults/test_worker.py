"""A real Celery worker over a real Valkey and a real mail server, with nothing wrong."""

from __future__ import annotations

import base64
import json

import pytest

from registration.domain.outbox import nudge
from registration.domain.tokens import token_of
from registration.models import Message
from tests.faults.fate import assert_arrived, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe, copies_of
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_nudge_says_nothing_about_anybody_and_the_log_keeps_no_secret(owe: Owe, office: PostOffice) -> None:
    message = owe(Message.Kind.CONFIRMED)
    with office.broker.client() as client:
        wait_until(lambda: client.llen("mail"), what="the nudge")
        queued = [json.loads(task) for task in client.lrange("mail", 0, -1)]  # type: ignore[union-attr]
    assert [base64.b64decode(task["body"])[:8] for task in queued] == [b"[[], {},"]
    assert [(task["headers"]["task"], task["headers"]["argsrepr"]) for task in queued] == [(nudge.TASK, "()")]

    office.worker()

    wait_for("sent", message)
    assert_arrived(office, [message])
    assert message.link is not None
    for secret in (token_of(link=message.link), "canary", message.recipient):
        assert secret not in office.log


def test_two_workers_share_a_pile_and_double_nothing(owe: Owe, office: PostOffice) -> None:
    template = owe(Message.Kind.LINK)
    office.worker(), office.new_worker()
    wait_for("sent", template)
    wait_until(lambda: len(office.app.control.ping(timeout=0.5)) == 2, what="both workers")
    office.mail.forget()
    owed = copies_of(template, 100)
    Message.objects.bulk_create(owed)
    office.nudge(), office.nudge()

    wait_until(lambda: not Message.objects.exclude(status="sent").exists(), seconds=60, what="the last mail")

    assert_arrived(office, owed)
    # Each worker keeps its connection for its whole batch.
    assert office.mail.connections <= 8


def test_the_sweep_has_its_turn_however_many_nudges_wait(owe: Owe, office: PostOffice) -> None:
    """With a limit on mails a minute, each nudge may take a worker's whole batch of time."""
    dead = owe(Message.Kind.LINK)
    Message.objects.update(status="sending", claim=dead.pk, claimed_at=dead.created_at.replace(year=2020))
    for worker in office.workers:
        worker.kill()
    for _ in range(30):
        office.nudge()
    office.sweep()

    office.worker()
    wait_for("retry", dead)

    assert office.broker.queued() > 20
