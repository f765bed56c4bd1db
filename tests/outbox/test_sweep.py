from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registration.domain.outbox.claim import claim_next, lease
from registration.domain.outbox.sweep import sweep
from registration.models import Message
from tests.outbox.conftest import Owe

pytestmark = pytest.mark.django_db


def _claimed(owe: Owe, *, age: dt.timedelta, kind: str = Message.Kind.LINK) -> Message:
    owe(kind)
    message = claim_next()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() - age)
    return message


def test_a_message_whose_worker_died_is_tried_again(owe: Owe) -> None:
    message = _claimed(owe, age=lease() + dt.timedelta(seconds=1))

    assert sweep() == 1

    message.refresh_from_db()
    assert (message.status, message.claim, message.attempts) == ("retry", None, 1)
    assert message.last_error == "The worker ended while it was sending."


def test_a_message_that_is_being_sent_is_left_alone(owe: Owe) -> None:
    message = _claimed(owe, age=lease() - dt.timedelta(seconds=30))

    assert sweep() == 0

    message.refresh_from_db()
    assert message.status == "sending"


def test_a_claim_from_the_future_is_taken_back_too(owe: Owe) -> None:
    """The clock was put back since; nobody waits for it to catch up."""
    _claimed(owe, age=-dt.timedelta(days=1))

    assert sweep() == 1


def test_a_new_message_from_the_future_is_due_at_once(owe: Owe) -> None:
    """Written while the clock was ahead by some hours."""
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() + dt.timedelta(hours=3))

    sweep()

    assert claim_next() is not None


def test_a_wait_longer_than_any_is_ended(owe: Owe) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(
        status="retry", due_at=timezone.now() + dt.timedelta(days=300)
    )

    sweep()

    assert claim_next() is not None


def test_a_message_that_keeps_killing_workers_is_given_up(owe: Owe) -> None:
    message = _claimed(owe, age=dt.timedelta(days=1), kind=Message.Kind.INVITATION)
    Message.objects.filter(pk=message.pk).update(attempts=11)

    sweep()

    message.refresh_from_db()
    assert message.status == "failed"
    assert message.invitation is not None
    message.invitation.refresh_from_db()
    assert message.invitation.status == "failed"


def test_two_sweepers_take_a_message_back_once(owe: Owe) -> None:
    _claimed(owe, age=dt.timedelta(days=1))

    assert (sweep(), sweep()) == (1, 0)
