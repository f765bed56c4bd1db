"""A worker that tells the database of many mails at once is killed, or its journal is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import pytest
from django.utils import timezone

from registration.models import Message
from tests.faults.fate import Fate, fate, settle, sweep_until, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe, copies_of
from tests.servers import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("worker")]
# The worker claims one message, then two, four, eight: this one is the fifth of eight.
COUNT, HELD = 20, 12
# What the database has been told of by then.
TOLD = 7


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


def _fates(pile: Sequence[Message]) -> list[Fate]:
    return [fate(message) for message in pile]


def _sent(*, times: int = 1) -> Fate:
    return "sent", times, ""


def _arrivals(office: PostOffice, pile: Sequence[Message]) -> list[int]:
    arrived = Counter(office.mail.ids)
    assert sum(arrived.values()) == len(office.mail.ids)
    return [arrived[message.message_id] for message in pile]


@pytest.mark.parametrize("victim", ["child", "worker"])
def test_killed_with_accepted_mails_of_which_the_database_knows_nothing(
    pile: list[Message], office: PostOffice, victim: str
) -> None:
    """Only the one that was under way comes twice, and only that and the next one are tried again."""
    reached = office.mail.hold_number(HELD, "accepted")
    _owe(office, pile)
    reached.wait()

    assert Message.objects.filter(pk__in=[message.pk for message in pile], status="sent").count() == TOLD
    office.worker().kill() if victim == "worker" else office.worker().kill_child()
    reached.release()
    settle(office)

    under_way = HELD - 1
    expected = [1] * COUNT
    expected[under_way] = 2
    assert _arrivals(office, pile) == expected
    tried = [_sent() for _message in pile]
    tried[under_way : under_way + 2] = [_sent(times=2)] * 2
    assert _fates(pile) == tried


def test_what_was_accepted_is_sent_with_the_next_sweep_and_waits_for_no_lease(
    pile: list[Message], office: PostOffice
) -> None:
    reached = office.mail.hold_number(HELD, "accepted")
    _owe(office, pile)
    reached.wait()
    office.worker().kill()
    reached.release()
    office.new_worker()

    Message.objects.filter(status="sending").update(claimed_at=timezone.now() - dt.timedelta(seconds=11))
    sweep_until(office, lambda: _fates(pile[: HELD - 1]) == [_sent()] * (HELD - 1), what="the accepted ones")

    assert [status for status, _attempts, _error in _fates(pile[HELD - 1 : HELD + 1])] == ["sending"] * 2


def test_a_mail_that_kills_its_worker_costs_the_others_of_its_group_no_attempt(
    pile: list[Message], office: PostOffice
) -> None:
    reached = office.mail.hold_number(HELD - 1, "rcpt")  # once that one is through: of the next one
    _owe(office, pile)
    reached.wait()
    office.worker().kill_child()
    reached.release()
    settle(office)

    assert _arrivals(office, pile) == [1] * COUNT
    tried = [_sent() for _message in pile]
    tried[HELD - 1] = _sent(times=2)
    assert _fates(pile) == tried


@pytest.mark.parametrize("fault", ["stopped", "silent"])
def test_without_its_journal_a_worker_tells_the_database_at_once(
    pile: list[Message], office: PostOffice, fault: str
) -> None:
    reached = office.mail.hold_number(HELD, "accepted")
    _owe(office, pile)
    reached.wait()

    with getattr(office.broker, fault)():
        reached.release()
        wait_until(lambda: set(_fates(pile)) == {_sent()}, what="all of them sent")

    assert _arrivals(office, pile) == [1] * COUNT


def test_killed_together_with_its_journal_no_mail_is_lost(pile: list[Message], office: PostOffice) -> None:
    """Those of one group may come twice then, with the same Message-ID."""
    reached = office.mail.hold_number(HELD, "accepted")
    _owe(office, pile)
    reached.wait()
    office.worker().kill()
    office.broker.flush()
    reached.release()
    settle(office)

    assert _arrivals(office, pile) == [1] * TOLD + [2] * (HELD - TOLD) + [1] * (COUNT - HELD)
    assert {status for status, _attempts, _error in _fates(pile)} == {"sent"}


def test_a_journal_is_gone_when_the_database_knows_all(pile: list[Message], office: PostOffice) -> None:
    _owe(office, pile)
    wait_until(lambda: set(_fates(pile)) == {_sent()}, what="all of them sent")

    with office.broker.client() as client:
        wait_until(lambda: not client.keys("koprue:mail:*"), what="the journals to be removed")
