"""A worker claims some messages ahead: none is lost, sent late or counted for that, whatever happens."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from registration.domain.outbox import deliver
from registration.domain.outbox.batches import FRESH_SECONDS, Batches
from registration.domain.outbox.claim import claim_some, due_messages, give_back
from registration.domain.outbox.lanes import Lane, lane_of
from registration.domain.outbox.results import begin, record_sent_and_begin
from registration.domain.outbox.sweep import sweep
from registration.mails.render import render
from registration.models import Message, Participant, Registration
from registration.models.message import FOR_MANY
from tests.outbox.conftest import Owe, copies_of
from tests.outbox.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def _drain(seconds: float = 60, lane: Lane | None = None) -> bool:
    return deliver.drain(render=lambda message: render(message=message), seconds=seconds, lane=lane)


def _pile(owe: Owe, count: int, kind: str = Message.Kind.LINK) -> list[Message]:
    """The one due longest comes first."""
    copies = copies_of(owe(kind), count)
    Message.objects.all().delete()
    Message.objects.bulk_create(copies)
    return list(reversed(copies))


def _states() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("due_at").values_list("status", "attempts"))


def test_of_what_is_claimed_together_only_the_first_counts_an_attempt(owe: Owe) -> None:
    pile = _pile(owe, 5)

    claimed = claim_some(most=4)

    assert [message.pk for message in claimed] == [message.pk for message in pile[:4]]
    assert _states() == [("sending", 1), *[("sending", 0)] * 3, ("queued", 0)]


def test_what_was_tried_before_is_claimed_alone(owe: Owe) -> None:
    """It may be what killed its worker."""
    pile = _pile(owe, 4)
    Message.objects.filter(pk=pile[2].pk).update(status="retry", attempts=3)

    claimed = [[message.pk for message in claim_some(most=4)] for _ in range(3)]

    assert claimed == [[pile[0].pk, pile[1].pk], [pile[2].pk], [pile[3].pk]]


def test_what_a_dead_worker_never_began_is_as_good_as_new(owe: Owe) -> None:
    _pile(owe, 3)
    claim_some(most=3)
    Message.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=1))

    assert sweep() == 3

    assert sorted(_states()) == [("queued", 0), ("queued", 0), ("retry", 1)]


def test_what_a_dead_worker_never_began_waits_for_no_lease(owe: Owe) -> None:
    _pile(owe, 3)
    claim_some(most=3)
    Message.objects.update(claimed_at=timezone.now() - dt.timedelta(seconds=11))

    assert sweep() == 2

    assert _states() == [("sending", 1), ("queued", 0), ("queued", 0)]


def test_a_worker_that_was_taken_for_dead_begins_nothing_any_more(owe: Owe) -> None:
    _pile(owe, 3)
    first, second, third = claim_some(most=3)
    Message.objects.filter(attempts=0).update(claimed_at=timezone.now() - dt.timedelta(hours=1))
    sweep()

    assert record_sent_and_begin(sent=[first], provider_id="7", begun=[second]) == ([first], [])
    assert begin(messages=[third]) == []
    assert _states() == [("sent", 1), ("queued", 0), ("queued", 0)]


def test_a_person_who_is_erased_is_not_written_to_however_far_ahead_the_mail_was_claimed(owe: Owe) -> None:
    owe(Message.Kind.LINK), owe(Message.Kind.LINK)
    _first, second = claim_some(most=2)
    assert second.participant is not None
    Participant.objects.get(pk=second.participant.pk).delete()

    assert begin(messages=[second]) == []
    assert _states() == [("sending", 1)]


def test_what_is_given_back_is_as_if_it_had_not_been_claimed(owe: Owe) -> None:
    _pile(owe, 3)
    first = claim_some(most=3)[0]
    assert first.claim is not None

    give_back(claim=first.claim)

    assert _states() == [("sending", 1), ("queued", 0), ("queued", 0)]
    assert Message.objects.filter(status="queued", claim=None, claimed_at=None).count() == 2


def test_at_the_end_of_its_time_a_worker_keeps_nothing(owe: Owe, mail_server: MailServer) -> None:
    _pile(owe, 400)

    assert _drain(seconds=0.3) is True

    assert set(_states()) <= {("sent", 1), ("queued", 0)}
    assert Message.objects.filter(status="sent").count() == len(mail_server.mails)


def test_what_was_not_begun_for_a_moment_is_claimed_anew(owe: Owe) -> None:
    _pile(owe, 8)
    batches = Batches(None, size=4)
    assert batches.claim() is not None
    batches._since += 10  # as if no time had passed
    assert batches.ahead() == 3

    batches._since -= 10 + FRESH_SECONDS + 0.1

    assert batches.ahead() == 0
    assert batches.claim() is not None
    assert Message.objects.filter(status="sending", attempts=1).count() == 2


def test_a_slow_mail_server_gets_messages_singly_and_a_quick_one_many(owe: Owe) -> None:
    _pile(owe, 60)
    batches = Batches(None)
    sizes = []
    for _ in range(4):
        batches._since += 10  # as if no time had passed
        batches.claim()
        sizes.append(batches.size)
    for _ in range(3):
        batches._since -= 10
        batches.claim()
        sizes.append(batches.size)

    assert sizes == [1, 2, 4, 8, 4, 2, 1]


def test_no_mail_is_accepted_before_the_row_of_the_one_before_says_so(
    owe: Owe, mail_server: MailServer
) -> None:
    """So there is one mail at most of which nobody knows, should the worker die."""
    pile = _pile(owe, 20)
    accept, seen = mail_server.accept, []

    def look_first(mail: object) -> None:
        with ThreadPoolExecutor(1) as other:  # Django answers in no thread with an event loop.
            seen.append(other.submit(_in_its_own_connection, _count_sent).result())
        accept(mail)  # type: ignore[arg-type]

    mail_server.accept = look_first  # type: ignore[method-assign]
    _drain()

    assert seen == list(range(20))
    assert mail_server.ids == [message.message_id for message in pile]


def _count_sent() -> int:
    return Message.objects.filter(status="sent").count()


def _in_its_own_connection(read: Callable[[], int]) -> int:
    try:
        return read()
    finally:
        connection.close()


def test_what_was_written_while_the_server_dawdled_is_asked_for_anew(
    owe: Owe, mail_server: MailServer, settings: object
) -> None:
    settings.EMAIL_TIMEOUT = 30  # type: ignore[attr-defined]
    first, second = owe(Message.Kind.CONFIRMED), owe(Message.Kind.CONFIRMED)
    reached = mail_server.hold("accepted")
    worker = threading.Thread(target=lambda: _in_its_own_connection(lambda: int(_drain())))
    worker.start()
    reached.wait()
    assert _states() == [("sending", 1), ("sending", 1)]
    assert second.registration is not None
    Registration.objects.filter(pk=second.registration.pk).update(status="cancelled")
    threading.Timer(FRESH_SECONDS + 0.2, reached.release).start()
    worker.join()

    assert mail_server.ids == [first.message_id]
    assert _states() == [("sent", 1), ("cancelled", 1)]


@pytest.mark.parametrize("kind", Message.Kind)
def test_each_kind_of_mail_has_its_lane(kind: Message.Kind) -> None:
    assert (kind in FOR_MANY) is (kind in Message.UNHURRIED) is (lane_of(kind) is Lane.MANY)


def test_a_worker_of_one_lane_leaves_the_other(owe: Owe, mail_server: MailServer) -> None:
    invitation, access = owe(Message.Kind.INVITATION), owe(Message.Kind.ACCESS)

    _drain(lane=Lane.URGENT)
    assert mail_server.ids == [access.message_id]
    _drain(lane=Lane.MANY)

    assert mail_server.ids == [access.message_id, invitation.message_id]


@pytest.mark.postgresql  # SQLite does not use a partial index with bound values.
@pytest.mark.parametrize("lane", Lane)
def test_the_next_ones_of_a_lane_are_found_however_many_of_the_other_wait(owe: Owe, lane: Lane) -> None:
    kinds = {Lane.URGENT: Message.Kind.LINK, Lane.MANY: Message.Kind.INVITATION}
    own = owe(kinds.pop(lane))
    (other,) = kinds.values()
    Message.objects.bulk_create(copies_of(owe(other), 5000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_message")

    plan = due_messages(lane)[:32].explain(analyze=True)

    assert f"Index Scan using message_due_{lane} on registration_message" in plan
    assert "Rows Removed by Filter" not in plan
    assert [message.pk for message in claim_some(most=32, lane=lane)] == [own.pk]
