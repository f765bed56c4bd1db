"""A real Celery worker over a real Valkey and a real mail server, with nothing wrong."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from conference.start import services
from registration.domain.documents import claim
from registration.domain.outbox import nudge
from registration.domain.outbox.lanes import Lane
from registration.domain.tokens import token_of
from registration.models import Document, Message
from tests import factories
from tests.faults.conftest import no_nudge_is_left
from tests.faults.fate import assert_arrived, fate, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe, copies_of
from tests.servers import wait_until
from workshops.models import Conference, DraftImport

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
    Message.objects.update(
        status="sending", attempts=1, claim=dead.pk, claimed_at=dead.created_at.replace(year=2020)
    )
    for worker in office.workers:
        worker.kill()
    for _ in range(500):  # some are done before this test has looked
        office.nudge()
    office.sweep()

    office.worker()
    wait_for("retry", dead)

    assert office.broker.queued() > 20


AHEAD, WORKERS = 32, 2


def test_access_details_overtake_thousands_of_invitations(owe: Owe, office: PostOffice) -> None:
    """Counted, not timed: what a worker had claimed ahead when they were owed may leave before them, nothing else."""
    for worker in office.workers:
        worker.kill()
    template = owe(Message.Kind.INVITATION)
    Message.objects.bulk_create(copies_of(template, 3000))
    office.new_worker(processes=int(_option(services.worker().command, "--concurrency")))
    office.app.send_task(Lane.MANY.task)
    office.mail.wait_for(50, seconds=60)

    owed = [owe(Message.Kind.ACCESS) for _ in range(5)]
    before = len(office.mail.mails)
    for message in owed:
        wait_for("sent", message, seconds=60)
    office.worker().kill()

    places = [office.mail.ids.index(message.message_id) for message in owed]
    overtaken_by = max(places) + 1 - before - len(owed)
    assert overtaken_by <= len(owed) * WORKERS * AHEAD
    assert Message.objects.filter(kind=Message.Kind.INVITATION, status="queued").exists()


def test_a_pile_is_sent_by_both_processes_of_a_worker(owe: Owe, office: PostOffice) -> None:
    """The first one calls the second; nothing is lost between the end of one and the end of the other."""
    for worker in office.workers:
        worker.kill()
    template = owe(Message.Kind.INVITATION)
    owed = [template, *copies_of(template, 1200)]
    Message.objects.bulk_create(owed[1:])
    wait_until(no_nudge_is_left, what="the nudge of the first one")
    office.broker.flush()
    office.new_worker(processes=2)

    office.app.send_task(Lane.MANY.task)
    wait_until(lambda: not Message.objects.exclude(status="sent").exists(), what="all of them sent")

    assert Counter(office.mail.ids) == Counter(message.message_id for message in owed)
    assert office.mail.connections >= 2


def test_of_what_is_to_go_on_one_task_waits_at_most(office: PostOffice, settings: Any) -> None:
    """Else each task of a pile would leave two behind, and those four."""
    for worker in office.workers:
        worker.kill()
    office.broker.flush()
    settings.REDIS_URL = office.broker.url

    for _each in range(3):
        nudge.follow(Lane.MANY.task)

    assert office.broker.queued() == 1


def test_a_worker_for_the_urgent_lane_alone_leaves_the_other(owe: Owe, office: PostOffice) -> None:
    """As an operator starts it beside the others: `-Q mail`."""
    for worker in office.workers:
        worker.kill()
    invitation, access = owe(Message.Kind.INVITATION), owe(Message.Kind.ACCESS)
    office.new_worker(queues="mail")

    wait_for("sent", access)

    assert fate(invitation) == ("queued", 0, "")
    assert_arrived(office, [access])


@pytest.mark.postgresql
def test_mail_leaves_while_a_document_is_being_made(owe: Owe, office: PostOffice) -> None:
    """As `make run` starts its worker: with two processes, of which a document takes one."""
    for worker in office.workers:
        worker.kill()
    message = owe(Message.Kind.LINK)
    assert message.participant is not None
    document = a_document(message.participant.conference)
    Message.objects.update(due_at=timezone.now() + dt.timedelta(hours=1))
    # Whoever makes it waits here for as long as we want; a mail with a link reads no speaker.
    with table_locked("workshops_speaker"):
        for _each in range(3):
            office.app.send_task(claim.TASK)
        office.new_worker(processes=int(_option(services.worker().command, "--concurrency")))
        wait_until(lambda: _status(document) == "making", what="the document being made")
        Message.objects.update(due_at=timezone.now())
        office.nudge()
        wait_for("sent", message)
        assert _status(document) == "making"
    wait_until(lambda: _status(document) == "ready", what="the document")
    told = Message.objects.get(kind=Message.Kind.DOCUMENT)
    wait_for("sent", told)
    assert_arrived(office, [message, told])


DRAW, READ = "workshops.tasks.draw_programme", "workshops.tasks.read_draft_imports"


@pytest.mark.postgresql
def test_mail_leaves_however_much_takes_long_at_the_same_time(
    owe: Owe, office: PostOffice, demo: Conference
) -> None:
    """After a release: the programme to be drawn, which beat asks for again while it is drawn; a document, a draft."""
    for worker in office.workers:
        worker.kill()
    message = owe(Message.Kind.LINK)
    document = a_document(demo)
    draft = DraftImport.objects.create(conference=demo, file=b"x", file_name="x.txt", year=2020)
    Message.objects.update(due_at=timezone.now() + dt.timedelta(hours=1))
    with table_locked("workshops_release", "workshops_speaker", "workshops_draftimport"):
        for task in (DRAW, DRAW, claim.TASK, READ, READ):
            office.app.send_task(task)
        office.new_worker(processes=int(_option(services.worker().command, "--concurrency")))
        wait_until(lambda: waiting_for_locks() == 1, what="something that takes long")
        wait_until(lambda: not office.broker.queued(), what="everything else being turned away")
        Message.objects.update(due_at=timezone.now())
        office.nudge()
        wait_for("sent", message)
        assert waiting_for_locks() == 1
    # Who was turned away is called by whoever ends, without waiting for beat.
    wait_until(lambda: _status(document) == "ready", what="the document")
    wait_until(lambda: DraftImport.objects.get(pk=draft.pk).status in {"read", "failed"}, what="the draft")


def waiting_for_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def a_document(conference: Conference) -> Document:
    return Document.objects.create(
        conference=conference,
        kind=Document.Kind.BRIEFING,
        format=Document.Format.XLSX,
        requested_by=factories.make_organiser(is_superuser=True),
    )


@contextlib.contextmanager
def table_locked(*names: str) -> Iterator[None]:
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        other.rollback()
        other.close()


def _status(document: Document) -> str:
    return Document.objects.values_list("status", flat=True).get(pk=document.pk)


def _option(command: list[str], name: str) -> str:
    return next(part for part in command if part.startswith(name)).partition("=")[2]
