"""Organisers move somebody up in the queue, with a reason that is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from conference.models import User
from registration.domain.cancel import cancel_registration
from registration.domain.move_up import move_up
from registration.domain.outbox.still_owed import OVERTAKEN, reason_gone
from registration.domain.promote import promote_all_waiting, waiting_queue
from registration.domain.transitions import NotPossible
from registration.models import Message, Registration
from tests import factories
from tests.registration.test_offers import ask, errors
from tests.registration.test_places import assert_counted, at_once
from workshops.models import Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organiser(workshop: Workshop) -> User:
    return factories.make_organiser(workshop)


def queue_of(workshop: Workshop, number: int, *, apart: dt.timedelta = dt.timedelta(hours=1)) -> list[int]:
    """So many people wait for an active place, one after the other; their primary keys."""
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=0)
    people = [factories.make_participant(workshop.conference) for _ in range(number)]
    since = timezone.now() - dt.timedelta(days=30)
    for place, person in enumerate(people):
        registration = ask(person, workshop)
        Registration.objects.filter(pk=registration.pk).update(waiting_since=since + place * apart)
    return queue(workshop)


def queue(workshop: Workshop) -> list[int]:
    return list(waiting_queue(workshop_id=workshop.pk, role="active").values_list("pk", flat=True))


@pytest.mark.parametrize("place", [1, 2, 3])
@pytest.mark.parametrize("apart", [dt.timedelta(hours=1), dt.timedelta(microseconds=1), dt.timedelta()])
def test_somebody_is_moved_to_a_place_and_the_others_keep_their_order(
    workshop: Workshop, organiser: User, place: int, apart: dt.timedelta
) -> None:
    """Also where many began to wait in the same instant."""
    before = queue_of(workshop, 4, apart=apart)
    last = before[-1]

    move_up(registration_id=last, place=place, reason="Speaks on the second day.", by=organiser)

    assert queue(workshop) == [*before[: place - 1], last, *before[place - 1 : -1]]
    assert [Registration.objects.get(pk=pk).status for pk in before] == ["waitlisted"] * 4


def test_several_moves_in_a_row_find_room(workshop: Workshop, organiser: User) -> None:
    expected = queue_of(workshop, 4, apart=dt.timedelta())
    for place in (2, 3, 2, 1, 2, 2):
        move_up(registration_id=expected[-1], place=place, reason="Host city.", by=organiser)
        expected.insert(place - 1, expected.pop())
        assert queue(workshop) == expected


def test_the_reason_and_who_gave_it_are_logged_and_a_mail_is_owed(
    workshop: Workshop, organiser: User
) -> None:
    first, second, third = queue_of(workshop, 3)
    registration = Registration.objects.get(pk=third)
    before = registration.waiting_since
    LogEntry.objects.all().delete()

    move_up(registration_id=third, reason="  Host city. ", by=organiser)

    registration.refresh_from_db()
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.action, entry.object_id) == (organiser, LogEntry.Action.UPDATE, third)
    assert entry.additional_data["reason"] == "Host city."
    assert entry.changes == {
        "waiting_since": [str(before), str(registration.waiting_since)],
        "place": ["3", "1"],
    }
    moved_up = Message.objects.get(kind=Message.Kind.MOVED_UP)
    assert (moved_up.registration_id, reason_gone(message=moved_up)) == (third, None)

    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1)
    promote_all_waiting()
    assert queue(workshop) == [first, second]
    assert reason_gone(message=Message.objects.get(pk=moved_up.pk)) == OVERTAKEN


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501])
def test_without_a_reason_nobody_is_moved(workshop: Workshop, organiser: User, reason: str) -> None:
    before = queue_of(workshop, 2)
    with pytest.raises(NotPossible, match="reason"):
        move_up(registration_id=before[1], reason=reason, by=organiser)
    assert queue(workshop) == before


@pytest.mark.parametrize("place", [-1, 0, 2, 3])
def test_only_a_place_further_ahead_is_up(workshop: Workshop, organiser: User, place: int) -> None:
    before = queue_of(workshop, 3)
    with pytest.raises(NotPossible, match="number 2"):
        move_up(registration_id=before[1], place=place, reason="Host city.", by=organiser)
    assert queue(workshop) == before
    assert Message.objects.filter(kind=Message.Kind.MOVED_UP).count() == 0


def test_who_does_not_wait_or_has_an_offer_is_not_moved(workshop: Workshop, organiser: User) -> None:
    first, second, third = queue_of(workshop, 3)
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=1, promotion="offer")
    promote_all_waiting()
    cancel_registration(registration_id=third)
    for pk in (first, third):
        with pytest.raises(NotPossible, match="Only somebody who waits"):
            move_up(registration_id=pk, reason="Host city.", by=organiser)
    with pytest.raises(NotPossible, match="does not exist"):
        move_up(registration_id=0, reason="Host city.", by=organiser)
    assert queue(workshop) == [second]


def test_moving_up_promoting_and_cancelling_at_once_neither_block_nor_lose_anybody(
    workshop: Workshop, organiser: User
) -> None:
    before = queue_of(workshop, 8)
    Workshop.objects.filter(pk=workshop.pk).update(capacity_active=3)

    results = at_once(
        [
            lambda: move_up(registration_id=before[7], reason="Host city.", by=organiser),
            lambda: move_up(registration_id=before[6], reason="Host city.", by=organiser),
            promote_all_waiting,
            promote_all_waiting,
            lambda: cancel_registration(registration_id=before[2]),
        ]
    )

    assert errors(results) == []
    assert_counted(workshop)
    left = queue(workshop)
    assert len(left) == 4
    assert [pk for pk in left if pk in before[:6]] == [pk for pk in before[:6] if pk in left]
