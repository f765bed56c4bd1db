"""SIGTERM to a real Celery worker in the middle of its work: nothing is lost, nothing is done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from registration.domain.documents import claim
from registration.models import Document, Message
from tests import factories
from tests.faults.conftest import event, mail_server, office, owe
from tests.faults.fate import assert_arrived, fate
from tests.faults.processes import PostOffice, Worker, post_office
from tests.faults.test_worker import table_locked
from tests.outbox.conftest import Owe, copies_of
from tests.servers import wait_until

__all__ = ["event", "mail_server", "office", "owe"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
OPEN = ("queued", "sending", "retry")


@pytest.fixture(scope="module")
def _office(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """Whose workers do not give up a mail server for as long as a test may hold it."""
    with post_office(tmp_path_factory.mktemp("office"), mail_seconds=60) as office:
        yield office


def only_worker(office: PostOffice) -> Worker:
    for other in office.workers:
        other.kill()
    return office.new_worker()


@pytest.mark.parametrize("point", ["rcpt", "accepted"])
def test_a_mail_that_is_being_sent_is_sent_to_its_end(owe: Owe, office: PostOffice, point: str) -> None:
    worker = only_worker(office)
    reached = office.mail.hold(point)
    message = owe(Message.Kind.CONFIRMED)
    reached.wait(60)

    worker.process.send_signal(signal.SIGTERM)
    reached.release()

    assert worker.process.wait(timeout=60) == 0
    assert_arrived(office, [message])


def test_what_a_stopped_worker_leaves_of_a_pile_the_next_one_sends_once(owe: Owe, office: PostOffice) -> None:
    template = owe(Message.Kind.LINK)
    owed = copies_of(template, 200)
    Message.objects.all().delete()
    Message.objects.bulk_create(owed)
    worker = only_worker(office)
    office.nudge()
    wait_until(lambda: len(office.mail.ids) >= 20, seconds=60, what="the first mails")

    worker.process.send_signal(signal.SIGTERM)
    code = worker.process.wait(timeout=60)
    left = Message.objects.filter(status="queued", attempts=0).count()
    sent = Message.objects.filter(status="sent", attempts=1).count()
    office.new_worker()
    office.nudge()
    wait_until(lambda: not Message.objects.filter(status__in=OPEN).exists(), seconds=60, what="the last mail")

    assert (code, left + sent) == (0, 200)
    assert_arrived(office, owed)


def test_a_document_that_is_being_made_is_made_to_its_end(owe: Owe, office: PostOffice) -> None:
    message = owe(Message.Kind.LINK)
    assert message.participant is not None
    Message.objects.all().delete()
    document = Document.objects.create(
        conference=message.participant.conference,
        kind=Document.Kind.BRIEFING,
        format=Document.Format.PDF,
        requested_by=factories.make_organiser(is_superuser=True),
    )
    states = Document.objects.filter(pk=document.pk).values_list("status", flat=True)
    worker = only_worker(office)
    with table_locked("workshops_speaker"):
        office.app.send_task(claim.TASK)
        wait_until(lambda: states.get() == "making", seconds=60, what="the document being made")
        worker.process.send_signal(signal.SIGTERM)

    assert worker.process.wait(timeout=120) == 0
    assert states.get() == "ready"
    told = Message.objects.get(kind=Message.Kind.DOCUMENT)
    assert fate(told)[0] in {"queued", "sent"}
