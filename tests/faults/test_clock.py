"""The clock jumps: what was written down lies further back than it should, or in the future."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from registration.domain.outbox.claim import claim_next
from registration.models import Message, SendingPace
from tests.faults.fate import assert_arrived, fate, wait_for
from tests.faults.processes import PostOffice
from tests.outbox.conftest import Owe

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = [24, 3, -3, -24]


def _jump(hours: int) -> None:
    """As seen from what is written down: a clock put forward makes it older."""
    by = dt.timedelta(hours=-hours)
    Message.objects.update(due_at=F("due_at") + by, claimed_at=F("claimed_at") + by)
    SendingPace.objects.update(next_at=F("next_at") + by)


@pytest.mark.parametrize("hours", HOURS)
def test_what_waits_and_what_a_dead_worker_had_arrives(owe: Owe, office: PostOffice, hours: int) -> None:
    for worker in office.workers[:-1]:
        worker.kill()
    with office.worker().frozen():
        claimed = owe(Message.Kind.CONFIRMED)
        assert claim_next() == claimed
        refused, new = owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)
        soon = timezone.now() + dt.timedelta(seconds=30)
        Message.objects.filter(pk=refused.pk).update(status="retry", attempts=1, due_at=soon)
        _jump(hours)

    office.sweep()
    for message in (refused, new):
        wait_for("sent", message)
    wait_for("retry", claimed)
    assert (fate(refused)[1], fate(new)[1]) == (2, 1)
    Message.objects.filter(pk=claimed.pk).update(due_at=timezone.now())
    office.sweep()
    wait_for("sent", claimed)

    assert sorted(office.mail.ids) == sorted(message.message_id for message in (claimed, refused, new))
    assert [fate(message) for message in (claimed, refused, new)] == [("sent", n, "") for n in (2, 2, 1)]


@pytest.mark.parametrize("hours", HOURS)
def test_a_jump_in_the_middle_of_a_batch_doubles_nothing(owe: Owe, office: PostOffice, hours: int) -> None:
    """Its worker has opened its connection and claims the next message after the jump."""
    office.worker()
    reached = office.mail.hold("connect")
    owed = [owe(Message.Kind.CONFIRMED), owe(Message.Kind.LINK)]
    reached.wait()
    _jump(hours)
    reached.release()
    office.sweep()
    for message in owed:
        wait_for("sent", message)

    assert_arrived(office, owed)
