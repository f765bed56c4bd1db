from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from registration.domain.outbox.claim import claim_next, due_messages, lease
from registration.domain.outbox.lanes import Lane
from registration.models import Message
from tests.outbox.conftest import Owe, copies_of


@pytest.mark.django_db(transaction=True)
def test_eight_workers_claim_each_message_exactly_once(owe: Owe) -> None:
    owed = [owe(Message.Kind.LINK).pk for _ in range(24)]
    claimed: list[object] = []

    _in_threads(8, lambda: _claim_all(claimed))

    assert sorted(map(str, claimed)) == sorted(map(str, owed))
    assert set(Message.objects.values_list("status", "attempts")) == {("sending", 1)}


def _claim_all(claimed: list[object]) -> None:
    while (message := claim_next()) is not None:
        claimed.append(message.pk)


def _in_threads(count: int, work: Callable[[], None]) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize("status", ["sent", "failed", "cancelled"])
@pytest.mark.django_db
def test_what_is_settled_is_not_claimed(owe: Owe, status: str) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(status=status, sent_at=timezone.now())

    assert claim_next() is None


@pytest.mark.django_db
def test_what_is_not_due_yet_waits(owe: Owe) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + dt.timedelta(seconds=30))

    assert claim_next() is None


@pytest.mark.django_db
def test_the_message_due_longest_comes_first(owe: Owe) -> None:
    owe(Message.Kind.LINK)
    old = owe(Message.Kind.LINK)
    Message.objects.filter(pk=old.pk).update(due_at=timezone.now() - dt.timedelta(hours=1), status="retry")

    claimed = claim_next()

    assert claimed is not None
    assert claimed.pk == old.pk


@pytest.mark.django_db
def test_a_confirmation_does_not_wait_behind_invitations(owe: Owe) -> None:
    invitations = [owe(Message.Kind.INVITATION).pk for _ in range(3)]
    confirmation = owe(Message.Kind.CONFIRMED).pk

    claimed = [claim_next() for _ in range(4)]

    assert [message and message.pk for message in claimed] == [confirmation, *invitations]


@pytest.mark.postgresql  # SQLite does not use a partial index with bound values.
@pytest.mark.django_db
def test_taking_the_next_message_reads_no_more_with_many_due(owe: Owe) -> None:
    """The partial index gives them in their order; a sort of everything due would grow with it."""
    template = owe(Message.Kind.INVITATION)
    Message.objects.bulk_create(copies_of(template, 5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_message")

    plan = due_messages()[:1].explain(analyze=True)

    assert "Index Scan using message_due" in plan
    assert "Bitmap" not in plan


def test_a_claim_outlasts_every_reply_of_the_mail_server(settings: object) -> None:
    settings.EMAIL_TIMEOUT = 10  # type: ignore[attr-defined]

    assert lease() == dt.timedelta(seconds=110)


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("lane", list(Lane))
def test_a_claim_looks_through_no_registrations(lane: Lane) -> None:
    """It asks for the few whose decision can still be undone: with a hundred thousand others, that is as quick."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "registration_undoable" in due_messages(lane).explain()
