from __future__ import annotations

import datetime as dt

import pytest

from registration.domain.by_the_clock.thank import thank_participants
from registration.models import Message, Registration
from tests import factories
from tests.by_the_clock.conftest import DAY, HOUR, admit, move, owed
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
# Ten o'clock of the home clock on the day after 17 June 2030.
MOMENT = dt.datetime(2030, 6, 18, 8, 0, tzinfo=dt.UTC)


def thank(at: dt.datetime) -> int:
    return thank_participants(at=at, seconds=60)


@pytest.fixture
def second(event: Workshop) -> Workshop:
    """Two days later."""
    workshop = factories.make_workshop(event.conference, with_day=False, number=2)
    factories.make_day(workshop, date=dt.date(2030, 6, 19))
    release_programme(conference=event.conference)
    return workshop


@pytest.mark.parametrize(
    ("at", "count"),
    [(MOMENT - HOUR, 0), (MOMENT, 1), (MOMENT + 7 * DAY - HOUR, 1), (MOMENT + 7 * DAY, 0)],
)
def test_people_are_thanked_the_day_after_the_last_day_and_not_weeks_later(
    event: Workshop, at: dt.datetime, count: int
) -> None:
    admit(event)

    assert thank(at) == count


def test_once(event: Workshop) -> None:
    admit(event)

    assert [thank(MOMENT), thank(MOMENT), thank(MOMENT + DAY)] == [1, 0, 0]


def test_once_also_if_the_last_day_was_moved_afterwards(event: Workshop) -> None:
    admit(event)
    thank(MOMENT)
    move(event, date=dt.date(2030, 6, 20))

    assert thank(MOMENT + 3 * DAY) == 0


def test_one_mail_thanks_for_everything_after_the_last_event(event: Workshop, second: Workshop) -> None:
    both = factories.make_participant(event.conference)
    first = admit(event, participant=both)
    other = admit(second, participant=both)
    only = admit(event)

    assert [thank(MOMENT), thank(MOMENT + 2 * DAY)] == [1, 1]
    assert dict(Message.objects.values_list("registration", "facts")) == {
        only.pk: {"registrations": [only.pk]},
        first.pk: {"registrations": [first.pk, other.pk]},
    }


def test_who_was_not_admitted_is_not_thanked(event: Workshop) -> None:
    listener = admit(event, role="listener")
    for status in ("requested", "waitlisted", "declined", "cancelled"):
        admit(event, status=status)

    thank(MOMENT)

    assert owed() == [("thanks", listener.pk)]


def test_a_conference_may_do_without_thanks(event: Workshop) -> None:
    admit(event)
    Conference.objects.update(thanks=False)

    assert thank(MOMENT) == 0


def test_who_cancelled_the_later_event_is_thanked_for_the_first_one(
    event: Workshop, second: Workshop
) -> None:
    both = factories.make_participant(event.conference)
    first = admit(event, participant=both)
    other = admit(second, participant=both)
    Registration.objects.filter(pk=other.pk).update(status="cancelled")

    thank(MOMENT)

    assert owed() == [("thanks", first.pk)]
