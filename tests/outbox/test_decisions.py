"""While a decision may be undone, what else is owed about the registration waits, and is not lost."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from registration.domain.access import announce_access
from registration.domain.cancel import cancel_registration
from registration.domain.confirm import confirm_registration
from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.drop import drop_unless_undone
from registration.domain.outbox.send_again import send_again
from registration.domain.outbox.still_owed import reason_gone
from registration.domain.outbox.stop import stop_message
from registration.domain.transitions import NotPossible, owe_to_participant
from registration.domain.undo_decision import undo_decision
from registration.models import Message, Registration
from tests import factories
from tests.sending import send_what_is_due
from tests.world import register
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    return factories.make_workshop(conference, title_en="City workshop")


def a_minute_later() -> None:
    Message.objects.filter(status="queued").update(due_at=timezone.now())


def test_what_is_owed_already_waits_for_the_decision_and_is_not_lost_by_undoing_it(
    workshop: Workshop,
) -> None:
    row = register(workshop)
    with transaction.atomic():
        owe_to_participant(registration=row, kind=Message.Kind.RECEIVED)
    confirm_registration(registration_id=row.pk, undoable=True)
    send_what_is_due()
    undo_decision(registration_id=row.pk)
    send_what_is_due()
    assert mails_about(row) == [("received", "sent"), ("confirmed", "cancelled")]


def test_two_decisions_within_a_minute_are_told_by_the_one_that_stands(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    cancel_registration(registration_id=row.pk, undoable=True)
    Message.objects.filter(kind="confirmed").update(due_at=timezone.now())
    send_what_is_due()
    undo_decision(registration_id=row.pk)
    send_what_is_due()
    assert mails_about(row) == [("confirmed", "sent"), ("cancelled", "cancelled")]


def test_access_details_leave_after_the_decision_that_admits(workshop: Workshop) -> None:
    row, undone = register(workshop), register(workshop)
    for each in (row, undone):
        confirm_registration(registration_id=each.pk, undoable=True)
    announce(workshop)
    send_what_is_due()
    assert mails_about(row) == [("confirmed", "queued"), ("access", "queued")]
    undo_decision(registration_id=undone.pk)
    a_minute_later()
    send_what_is_due()
    assert mails_about(row) == [("confirmed", "sent"), ("access", "sent")]
    assert mails_about(undone) == [("confirmed", "cancelled"), ("access", "cancelled")]


def test_what_the_person_does_since_does_not_wait_for_the_decision(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    cancel_registration(registration_id=row.pk)
    send_what_is_due()
    assert mails_about(row) == [("confirmed", "queued"), ("cancelled", "sent")]


def test_who_was_cancelled_by_mistake_learns_what_was_announced_meanwhile(workshop: Workshop) -> None:
    row = register(workshop, status="confirmed")
    cancel_registration(registration_id=row.pk, undoable=True)
    announce(workshop)
    undo_decision(registration_id=row.pk)
    send_what_is_due()
    assert mails_about(row) == [("cancelled", "cancelled"), ("access", "sent")]


def test_a_mail_that_was_stopped_has_not_left(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    stop_message(message_id=Message.objects.get().pk)
    undo_decision(registration_id=row.pk)
    row.refresh_from_db()
    assert row.status == "requested"


def test_a_mail_that_was_tried_and_is_sent_again_may_have_left(workshop: Workshop) -> None:
    row = register(workshop)
    confirm_registration(registration_id=row.pk, undoable=True)
    Message.objects.update(status="retry", attempts=1)
    send_again(message_id=Message.objects.get().pk)
    with pytest.raises(NotPossible, match="no decision"):
        undo_decision(registration_id=row.pk)


def test_what_was_claimed_a_moment_before_a_decision_is_not_lost_by_undoing_it(workshop: Workshop) -> None:
    row = register(workshop)
    with transaction.atomic():
        owe_to_participant(registration=row, kind=Message.Kind.RECEIVED)
    claimed = claim_next()
    assert claimed is not None
    confirm_registration(registration_id=row.pk, undoable=True)
    deliver(claimed)
    assert mails_about(row) == [("received", "queued"), ("confirmed", "queued")]
    undo_decision(registration_id=row.pk)
    send_what_is_due()
    assert mails_about(row) == [("received", "sent"), ("confirmed", "cancelled")]
    assert Message.objects.get(kind="received").attempts == 1


def test_what_was_claimed_a_moment_before_a_decision_is_dropped_when_that_stands(workshop: Workshop) -> None:
    row = register(workshop)
    with transaction.atomic():
        owe_to_participant(registration=row, kind=Message.Kind.RECEIVED)
    claimed = claim_next()
    assert claimed is not None
    confirm_registration(registration_id=row.pk, undoable=True)
    deliver(claimed)
    a_minute_later()
    send_what_is_due()
    assert mails_about(row) == [("received", "cancelled"), ("confirmed", "sent")]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_undoing_while_a_worker_drops_the_mail_leaves_it_owed(workshop: Workshop) -> None:
    row = register(workshop)
    with transaction.atomic():
        owe_to_participant(registration=row, kind=Message.Kind.RECEIVED)
    claimed = claim_next()
    assert claimed is not None
    confirm_registration(registration_id=row.pk, undoable=True)
    # What the worker has read: the decision, as it stood.
    overtaken = Message.objects.select_related("registration").get(pk=claimed.pk)
    reason = reason_gone(message=overtaken)

    def drop() -> None:
        drop_unless_undone(message=overtaken, reason=str(reason))
        connection.close()

    worker = threading.Thread(target=drop)
    with transaction.atomic():
        undo_decision(registration_id=row.pk)
        worker.start()
        worker.join(0.5)
        assert worker.is_alive()
    worker.join(60)
    assert mails_about(row) == [("received", "queued"), ("confirmed", "cancelled")]


def deliver(claimed: Message) -> None:
    """What a worker does with a message it has claimed and reads only now."""
    message = Message.objects.select_related("registration", "participant").get(pk=claimed.pk)
    if reason := reason_gone(message=message):
        drop_unless_undone(message=message, reason=reason)


def announce(workshop: Workshop) -> None:
    details = factories.make_access(workshop.days.get(), version=0)
    announce_access(details_ids=[details.pk])


def mails_about(row: Registration) -> list[tuple[str, str]]:
    return list(row.messages.order_by("created_at").values_list("kind", "status"))
