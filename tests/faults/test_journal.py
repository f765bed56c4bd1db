"""A worker that tells the database of many mails at once is killed, or its journal is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from registration.models import Message
from tests.faults.fate import FATE, Fate, settle, sweep_until, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe, copies_of
from tests.outbox.smtp import Hold
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
# What the journal is for is the same on both databases: all of it on one, the chief of it on the other.
# On a busy machine a worker claims few at a time: with so many there will be a group.
COUNT = 200


@pytest.fixture
def pile(owe: Owe, office: PostOffice) -> list[Message]:
    """In the order in which they are due; the worker takes them up at once."""
    template = owe(Message.Kind.LINK)
    wait_for("sent", template)
    wait_until(office.broker.is_done, what="the end of its task")
    office.mail.forget()
    return list(reversed(copies_of(template, COUNT)))


def _owe(office: PostOffice, pile: Sequence[Message]) -> None:
    Message.objects.bulk_create(pile)
    office.nudge()


def _held_in_a_group(office: PostOffice, pile: Sequence[Message], point: str) -> Hold:
    """Owes the pile; held as soon as more was accepted than the database knows of, and than is under way."""
    hold = Hold()

    def look(_address: str) -> None:
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(_told).result()
        if len(office.mail.ids) - told > 2:
            office.mail.on_rcpt = None
            office.mail.hold(point, hold)

    office.mail.on_rcpt = look
    _owe(office, pile)
    hold.wait()
    return hold


def _told() -> int:
    """Without the one that the fixture sent."""
    try:
        return Message.objects.filter(status="sent").count() - 1
    finally:
        connection.close()


def _fates(pile: Sequence[Message]) -> list[Fate]:
    found = {pk: tuple(values) for pk, *values in Message.objects.values_list("pk", *FATE)}
    return [found[message.pk] for message in pile]


def _sent(*, times: int = 1) -> Fate:
    return "sent", times, ""


def _arrivals(office: PostOffice, pile: Sequence[Message]) -> list[int]:
    arrived = Counter(office.mail.ids)
    assert set(arrived) <= {message.message_id for message in pile}
    return [arrived[message.message_id] for message in pile]


@pytest.mark.parametrize("victim", ["child", "worker"])
def test_killed_with_accepted_mails_of_which_the_database_knows_nothing(
    pile: list[Message], office: PostOffice, victim: str
) -> None:
    """Only the one that was under way comes twice, and only that and the next one are tried again."""
    reached = _held_in_a_group(office, pile, "accepted")

    under_way = len(office.mail.ids) - 1
    office.worker().kill() if victim == "worker" else office.worker().kill_child()
    reached.release()
    settle(office)

    expected = [1] * COUNT
    expected[under_way] = 2
    assert _arrivals(office, pile) == expected
    tried = [_sent()] * COUNT
    tried[under_way : under_way + 2] = [_sent(times=2)] * 2
    assert _fates(pile) == tried


@pytest.mark.postgresql
def test_what_was_accepted_is_sent_with_the_next_sweep_and_waits_for_no_lease(
    pile: list[Message], office: PostOffice
) -> None:
    reached = _held_in_a_group(office, pile, "accepted")
    under_way = len(office.mail.ids) - 1
    office.worker().kill()
    reached.release()
    office.new_worker()

    Message.objects.filter(status="sending").update(claimed_at=timezone.now() - dt.timedelta(seconds=11))
    sweep_until(
        office, lambda: _fates(pile[:under_way]) == [_sent()] * under_way, what="the accepted ones to be sent"
    )

    assert _fates(pile[under_way : under_way + 2]) == [("sending", 1, "")] * 2


@pytest.mark.postgresql
def test_a_mail_that_kills_its_worker_costs_the_others_of_its_group_no_attempt(
    pile: list[Message], office: PostOffice
) -> None:
    reached = _held_in_a_group(office, pile, "rcpt")  # of the next one: this one is through
    under_way = len(office.mail.ids)
    office.worker().kill_child()
    reached.release()
    settle(office)

    assert _arrivals(office, pile) == [1] * COUNT
    tried = [_sent()] * COUNT
    tried[under_way] = _sent(times=2)
    assert _fates(pile) == tried


@pytest.mark.postgresql
@pytest.mark.parametrize("fault", ["stopped", "silent"])
def test_without_its_journal_a_worker_tells_the_database_at_once(
    pile: list[Message], office: PostOffice, fault: str
) -> None:
    reached = _held_in_a_group(office, pile, "accepted")
    accepted = pile[: len(office.mail.ids)]

    with getattr(office.broker, fault)():
        reached.release()
        wait_until(lambda: set(_fates(accepted)) == {_sent()}, what="those that were accepted to be sent")
    settle(office)

    assert _arrivals(office, pile) == [1] * COUNT


@pytest.mark.postgresql
def test_killed_together_with_its_journal_no_mail_is_lost(pile: list[Message], office: PostOffice) -> None:
    """What the database did not know of comes twice then, with the same Message-ID."""
    reached = _held_in_a_group(office, pile, "accepted")
    office.worker().kill()
    told = [status == "sent" for status, _attempts, _error in _fates(pile)]
    under_way = len(office.mail.ids) - 1
    office.broker.flush()
    reached.release()
    settle(office)

    assert _arrivals(office, pile) == [
        2 if number <= under_way and not is_told else 1 for number, is_told in enumerate(told)
    ]
    assert {status for status, _attempts, _error in _fates(pile)} == {"sent"}


@pytest.mark.postgresql
def test_a_journal_is_gone_when_the_database_knows_all(pile: list[Message], office: PostOffice) -> None:
    _owe(office, pile)
    wait_until(lambda: set(_fates(pile)) == {_sent()}, what="all of them sent")

    with office.broker.client() as client:
        wait_until(lambda: not client.keys("koprue:mail:*"), what="the journals to be removed")
