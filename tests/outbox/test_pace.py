"""The operator's limit on mails a minute."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from registration.domain.outbox import deliver
from registration.domain.outbox.pace import Pace, take_turn
from registration.mails.render import render
from registration.models import Message, Registration, SendingPace
from tests.outbox.conftest import Owe
from tests.outbox.smtp import MailServer
from tests.waited import waiting

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def _drain(seconds: float = 60) -> bool:
    return deliver.drain(render=lambda message: render(message=message), seconds=seconds)


def _limit(settings: object, rate: int | None) -> None:
    settings.MAIL_RATE = rate  # type: ignore[attr-defined]


def _turn_is_due(after: dt.timedelta) -> dt.datetime:
    """The moment from which it is counted: a busy machine may take a while between two lines of a test."""
    now = timezone.now()
    SendingPace.objects.update_or_create(pk=1, defaults={"next_at": now + after})
    return now


def test_without_a_limit_nobody_waits_and_nothing_is_written(settings: object) -> None:
    _limit(settings, None)

    assert [take_turn() for _ in range(100)] == [0.0] * 100
    assert SendingPace.objects.count() == 0


def test_turns_lie_a_sixtieth_of_a_minute_and_a_little_apart(settings: object) -> None:
    _limit(settings, 60)
    now = _turn_is_due(dt.timedelta(0))

    assert take_turn(now=now) == 0.0
    assert take_turn(now=now) == pytest.approx(61 / 60, abs=0.001)


def test_a_worker_that_comes_late_catches_up_by_a_second_at_most(settings: object) -> None:
    """Also after a night without mail: otherwise the next minute would hold more than the limit."""
    _limit(settings, 60)
    now = _turn_is_due(-8 * HOUR)
    soon = now + dt.timedelta(seconds=0.02)

    assert take_turn(now=now) == 0.0
    assert take_turn(now=soon) == 0.0
    assert take_turn(now=soon) > 0.9


@pytest.mark.parametrize("rate", [1, 4, 60, 300])
@pytest.mark.parametrize("late", [0.0, 0.3])
def test_no_minute_holds_more_turns_than_the_limit_and_none_is_wasted(
    settings: object, rate: int, late: float
) -> None:
    """Greedy workers, that also come late by up to `late` seconds, on a simulated clock."""
    _limit(settings, rate)
    start = now = timezone.now()
    turns, luck = [], random.Random(1)  # noqa: S311
    while now < start + 3 * MINUTE:
        if wait := take_turn(now=now):
            now += dt.timedelta(seconds=wait + late * luck.random())
        else:
            turns.append(now)

    busiest = max(sum(first <= turn < first + MINUTE for turn in turns) for first in turns)
    assert busiest <= rate
    assert len(turns) >= 3 * rate * 0.95


@pytest.mark.parametrize("ahead", [2 * HOUR, dt.timedelta(days=300)])
def test_a_turn_from_the_distant_future_is_brought_back(settings: object, ahead: dt.timedelta) -> None:
    """The clock was ahead when it was given."""
    _limit(settings, 60)
    _turn_is_due(ahead)

    assert take_turn() == 0.0
    assert SendingPace.objects.get().next_at - timezone.now() < dt.timedelta(seconds=2)


def test_a_machine_whose_clock_is_a_little_behind_does_not_jump_the_queue(settings: object) -> None:
    _limit(settings, 60)
    now = _turn_is_due(dt.timedelta(seconds=20))

    assert take_turn(now=now) == 20.0


def test_eight_workers_share_the_turns(settings: object) -> None:
    _limit(settings, 600)
    _turn_is_due(-HOUR)
    taken: list[float] = []

    began = time.monotonic()
    _in_threads(8, lambda: _take_turns(taken, seconds=1.5))
    seconds = time.monotonic() - began

    # A second's worth is caught up at the start, then ten a second, however long a busy machine takes for it.
    assert 9 <= len(taken) <= (1 + seconds) * 10 + 1


def _take_turns(taken: list[float], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if wait := take_turn():
            time.sleep(min(wait, 0.02))
        else:
            taken.append(time.monotonic())


def _in_threads(count: int, work: object) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()  # type: ignore[operator]
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


def test_two_workers_send_as_fast_as_the_limit_allows_and_no_faster(
    owe: Owe, mail_server: MailServer, settings: object
) -> None:
    owed = [owe(Message.Kind.LINK) for _ in range(30)]
    _limit(settings, 300)
    _turn_is_due(dt.timedelta(0))

    began = time.monotonic()
    _in_threads(2, lambda: _drain(3.0))
    seconds = time.monotonic() - began

    assert len(set(mail_server.ids)) == len(mail_server.ids)
    # Five a second, and the second that a late worker may catch up; a busy machine takes longer, and sends less.
    assert 6 <= len(mail_server.ids) <= 5 * (1 + seconds) + 1
    assert Message.objects.filter(status="queued", attempts=0).count() == len(owed) - len(mail_server.ids)


def test_who_waits_for_a_turn_holds_no_message(owe: Owe, mail_server: MailServer, settings: object) -> None:
    _limit(settings, 60)
    owe(Message.Kind.LINK)
    wait = dt.timedelta(seconds=0.8)
    due = _turn_is_due(wait) + wait
    worker = threading.Thread(target=lambda: _in_threads(1, _drain))
    worker.start()
    seen = []
    while timezone.now() < due:
        seen.append((list(Message.objects.values_list("status", "claim")), timezone.now()))
        time.sleep(0.02)
    worker.join()

    assert [rows for rows, looked_at in seen if looked_at < due and rows != [("queued", None)]] == []
    assert len(mail_server.mails) == 1


def test_a_wait_beyond_the_batch_is_left_to_the_next_nudge(
    owe: Owe, mail_server: MailServer, settings: object
) -> None:
    _limit(settings, 10)
    _turn_is_due(dt.timedelta(seconds=6))
    owe(Message.Kind.LINK)

    with waiting() as waited:
        assert _drain(0.3) is True

    assert waited.seconds < 3


def test_a_wait_beyond_the_next_sweep_is_left_to_it_at_once(
    owe: Owe, mail_server: MailServer, settings: object
) -> None:
    _limit(settings, 1)
    _turn_is_due(dt.timedelta(seconds=30))
    owe(Message.Kind.LINK)

    with waiting() as waited:
        assert _drain() is False

    assert waited.seconds < 1


def test_a_message_that_is_no_longer_owed_costs_no_turn(
    owe: Owe, mail_server: MailServer, settings: object
) -> None:
    _limit(settings, 1)
    for _ in range(3):
        owe(Message.Kind.CONFIRMED)
    Registration.objects.update(status="cancelled")
    due = owe(Message.Kind.LINK)

    _drain()

    assert mail_server.ids == [due.message_id]


def test_a_turn_is_kept_until_it_is_used(settings: object) -> None:
    _limit(settings, 1)
    pace = Pace()

    assert (pace.wait(), pace.wait()) == (0.0, 0.0)
    pace.used()
    assert pace.wait() > 50
