"""A worker that stands still in the midst of writing down a group holds its rows: nobody who sweeps waits for it."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from registration.domain.outbox.claim import claim_some
from registration.domain.outbox.journal import Journal, read_notes
from registration.domain.outbox.results import begin, record_sent_and_begin
from registration.domain.outbox.sweep import sweep
from registration.models import Message
from tests.outbox.conftest import Owe
from tests.servers import valkey, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@contextlib.contextmanager
def _frozen_before_its_commit(sent: Sequence[Message], begun: Sequence[Message]) -> Iterator[None]:
    has_written, may_go_on = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                record_sent_and_begin(sent=sent, begun=begun)
                has_written.set()
                may_go_on.wait(60)
        finally:
            connections.close_all()

    worker = threading.Thread(target=write)
    worker.start()
    assert has_written.wait(60)
    try:
        yield
    finally:
        may_go_on.set()
        worker.join()


@pytest.fixture
def claimed(owe: Owe, tmp_path: Path, settings: Any) -> Iterator[list[Message]]:
    """Fifteen seconds ago: the first two were accepted and noted, of which the database knows nothing."""
    for _number in range(6):
        owe(Message.Kind.LINK)
    with valkey(tmp_path) as settings.REDIS_URL, Journal() as journal:
        messages = claim_some(most=6)
        assert messages[0].claim is not None
        assert journal.open(first=messages[0])
        begin(messages=messages[1:2])
        notes = [journal.accepted(messages[0]), journal.begun(messages[1]), journal.accepted(messages[1])]
        assert notes == [True] * 3
        expected = {message.pk for message in messages[:2]}
        wait_until(lambda: messages[0].claim and read_notes(claim=messages[0].claim).accepted == expected)
        Message.objects.update(claimed_at=timezone.now() - dt.timedelta(seconds=15))
        with connection.cursor() as cursor:
            # Who waits for a row fails, instead of waiting for ever.
            cursor.execute("SET lock_timeout = '3s'")
        yield messages
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_what_a_frozen_worker_is_writing_down_does_not_hold_up_the_sweep(claimed: list[Message]) -> None:
    with _frozen_before_its_commit(claimed[:2], []):
        sweep()


def test_what_a_frozen_worker_is_beginning_does_not_hold_up_the_sweep(claimed: list[Message]) -> None:
    with _frozen_before_its_commit(claimed[:1], claimed[2:4]):
        sweep()
