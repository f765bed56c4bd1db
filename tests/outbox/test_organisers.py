"""What an organiser can do about a message."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.errors import NotWaiting
from registration.domain.outbox.send_again import send_again
from registration.domain.outbox.stop import stop_message
from registration.models import Message
from tests.outbox.conftest import Owe

pytestmark = pytest.mark.django_db


def _put(message: Message, status: str) -> Message:
    Message.objects.filter(pk=message.pk).update(
        status=status,
        attempts=7,
        last_error="451 later",
        sent_at=timezone.now(),
        claim=uuid.uuid4() if status == "sending" else None,
    )
    return message


@pytest.mark.parametrize("status", ["failed", "cancelled", "retry"])
def test_a_message_is_sent_again_from_the_start_with_its_message_id(owe: Owe, status: str) -> None:
    message = _put(owe(Message.Kind.LINK), status)

    send_again(message_id=message.pk)

    claimed = claim_next()
    assert claimed is not None
    assert (claimed.pk, claimed.attempts, claimed.last_error) == (message.pk, 1, "")
    assert claimed.message_id == message.message_id


@pytest.mark.parametrize("status", ["queued", "sending", "sent"])
def test_a_message_on_its_way_is_not_sent_twice(owe: Owe, status: str) -> None:
    message = _put(owe(Message.Kind.LINK), status)

    with pytest.raises(NotWaiting):
        send_again(message_id=message.pk)


@pytest.mark.parametrize("status", ["queued", "retry"])
def test_a_waiting_message_is_stopped(owe: Owe, status: str) -> None:
    message = _put(owe(Message.Kind.LINK), status)

    stop_message(message_id=message.pk)

    message.refresh_from_db()
    assert (message.status, message.last_error) == ("cancelled", "An organiser stopped it.")
    assert claim_next() is None


@pytest.mark.parametrize("status", ["sending", "sent", "failed", "cancelled"])
def test_what_no_longer_waits_cannot_be_stopped(owe: Owe, status: str) -> None:
    message = _put(owe(Message.Kind.LINK), status)

    with pytest.raises(NotWaiting):
        stop_message(message_id=message.pk)


@pytest.mark.parametrize("act", [send_again, stop_message])
def test_an_unknown_message_is_refused(act: object) -> None:
    with pytest.raises(NotWaiting):
        act(message_id=uuid.uuid4())  # type: ignore[operator]
