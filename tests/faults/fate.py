"""What must hold after every fault, and the steps that time would take by itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from django.utils import timezone

from registration.models import Message
from tests.faults.processes import PostOffice
from tests.servers import wait_until

Fate = tuple[str, int, str]
FATE = ("status", "attempts", "last_error")
_OPEN = ("queued", "sending", "retry")


def fate(message: Message) -> Fate:
    """What the outbox says about it."""
    return Message.objects.values_list(*FATE).get(pk=message.pk)


def assert_arrived(
    office: PostOffice,
    owed: Sequence[Message],
    *,
    attempts: int = 1,
    then: int = 1,
    twice: Sequence[Message] = (),
) -> None:
    """Each Message-ID arrived, exactly once but for those that may come twice; nothing else did; the rows say so.

    `attempts` is how many the first one needed: the fault met that one. `then` are those of the one after it, which
    was on its way already.
    """
    expected = Counter(message.message_id for message in [*owed, *twice])
    assert Counter(office.mail.ids) == expected
    tried = [attempts, then, *[1] * len(owed)][: len(owed)]
    assert [fate(message) for message in owed] == [("sent", times, "") for times in tried]


def end_leases() -> None:
    """As if the time had passed that a claim holds. Only after its worker has died."""
    Message.objects.filter(status="sending").update(claimed_at=timezone.now() - dt.timedelta(hours=1))


def age_journals(office: PostOffice) -> None:
    """As if the journals of workers had been opened an hour ago, by Redis's clock."""
    with office.broker.client() as client:
        for key in client.scan_iter("koprue:mail:*"):
            client.expire(key, dt.timedelta(days=30, hours=-1))


def end_waits() -> None:
    """As if the time until the next attempt had passed."""
    Message.objects.filter(status="retry").update(due_at=timezone.now())


def wait_for(status: str | Iterable[str], message: Message, seconds: float = 60) -> None:
    accepted = {status} if isinstance(status, str) else set(status)
    wait_until(lambda: fate(message)[0] in accepted, seconds=seconds, what=f"{accepted}, not {fate(message)}")


def settle(office: PostOffice) -> None:
    """The next sweeps, and the waits between them: at the end everything is sent or given up.

    A sweep may get lost with the broker as well; beat sends another one.
    """
    office.worker()
    end_leases()
    age_journals(office)
    _sweep_until_none_is(office, ["sending"])
    end_waits()
    _sweep_until_none_is(office, _OPEN)


def _sweep_until_none_is(office: PostOffice, statuses: Sequence[str]) -> None:
    open_ones = Message.objects.filter(status__in=statuses)
    sweep_until(office, lambda: not open_ones.exists(), what=f"none to be {statuses}")


def sweep_until(office: PostOffice, done: Callable[[], object], *, what: str, seconds: float = 60) -> None:
    """Sweeps every two seconds, as beat does every ten: one that is lost does not matter."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, f"waited in vain for {what}"
        office.sweep()
        with contextlib.suppress(AssertionError):
            wait_until(done, seconds=2)
