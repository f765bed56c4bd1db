from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from registration.domain.by_the_clock.remind import remind_admitted
from registration.domain.cancel import cancel_registration
from registration.domain.erase import erase_participant
from registration.domain.export_data import export_data
from registration.models import Message, Notice
from tests import factories
from tests.by_the_clock.conftest import DAY, HOUR, LONG_AGO, START, admit, move, owed
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def remind(at: dt.datetime) -> int:
    return remind_admitted(at=at, seconds=60)


@pytest.mark.parametrize(
    ("before", "kinds"),
    [
        (DAY + MINUTE, []),
        (DAY, ["day_before"]),
        (3 * HOUR + MINUTE, ["day_before"]),
        (3 * HOUR, []),
        (HOUR + MINUTE, []),
        (HOUR, ["hour_before"]),
        (MINUTE, ["hour_before"]),
        (0 * MINUTE, []),
        (-MINUTE, []),
    ],
)
def test_each_reminder_has_its_time_and_none_comes_once_the_day_has_begun(
    event: Workshop, before: dt.timedelta, kinds: list[str]
) -> None:
    admit(event)

    assert remind(START - before) == len(kinds)
    assert list(Message.objects.values_list("kind", flat=True)) == kinds


def test_who_may_come_in_is_reminded_and_nobody_else(event: Workshop) -> None:
    active = admit(event)
    listener = admit(event, role="listener")
    meanwhile = admit(event, status="waitlisted", waiting_since=LONG_AGO, listens_meanwhile=True)
    for status in ("requested", "waitlisted", "declined", "cancelled"):
        admit(event, status=status)

    remind(START - DAY)

    assert owed() == [
        ("day_before", row.pk) for row in sorted((active, listener, meanwhile), key=lambda r: str(r.pk))
    ]


def test_a_reminder_is_written_to_its_person_in_their_language_with_their_link(event: Workshop) -> None:
    registration = admit(event, participant=factories.make_participant(event.conference, language="tr"))

    remind(START - DAY)

    message = Message.objects.get()
    assert message.link is not None
    assert (message.recipient, message.language, message.participant_id, message.link.participant_id) == (
        registration.participant.email,
        "tr",
        registration.participant_id,
        registration.participant_id,
    )
    assert message.facts == {"day": event.days.get().pk}


def test_a_second_run_writes_nothing_again(event: Workshop) -> None:
    admit(event)

    assert [remind(START - DAY), remind(START - DAY), remind(START - 23 * HOUR)] == [1, 0, 0]
    assert Notice.objects.count() == 1


def test_a_day_moved_after_the_reminder_is_not_reminded_of_again(event: Workshop) -> None:
    admit(event)
    remind(START - DAY)

    move(event, date=dt.date(2030, 6, 20))

    assert remind(START + 2 * DAY) == 0
    assert remind(START + 3 * DAY - HOUR) == 1  # the hour before was not told yet


def test_of_a_day_moved_before_one_is_reminded_at_the_new_time(event: Workshop) -> None:
    admit(event)
    move(event, date=dt.date(2030, 6, 20))

    assert [remind(START - DAY), remind(START + 2 * DAY)] == [0, 1]


def test_a_day_that_was_moved_but_not_released_is_reminded_of_as_everybody_knows_it(event: Workshop) -> None:
    admit(event)
    event.days.update(date=dt.date(2030, 6, 20))

    assert remind(START - DAY) == 1


def test_a_day_whose_time_is_to_be_announced_is_not_reminded_of(event: Workshop) -> None:
    admit(event)
    move(event, opens=None, closes=None)

    assert [remind(START - DAY), remind(START - HOUR)] == [0, 0]


def test_a_day_that_was_deleted_is_not_reminded_of(event: Workshop) -> None:
    admit(event)
    event.days.all().delete()

    assert remind(START - DAY) == 0


def test_each_day_of_a_workshop_is_reminded_of(event: Workshop) -> None:
    registration = admit(event)
    factories.make_day(event, date=dt.date(2030, 6, 18))
    move(event)

    assert [remind(START - DAY), remind(START)] == [1, 1]
    assert owed() == [("day_before", registration.pk)] * 2


@pytest.mark.parametrize(
    ("since", "written"), [(START - DAY - HOUR, 1), (START - DAY - HOUR + MINUTE, 0), (START - 20 * HOUR, 0)]
)
def test_who_has_just_been_confirmed_is_not_reminded_of_what_they_just_read(
    event: Workshop, since: dt.datetime, written: int
) -> None:
    admit(event, since=since)

    assert remind(START - DAY) + remind(START - 5 * HOUR) == written
    assert remind(START - HOUR) == 1


def test_a_conference_may_do_without_reminders(event: Workshop) -> None:
    admit(event)
    Conference.objects.update(reminders=False)

    assert remind(START - DAY) == 0


def test_only_the_conference_on_the_site_reminds(event: Workshop) -> None:
    admit(event)
    Conference.objects.update(is_current=False)

    assert remind(START - DAY) == 0


def test_what_does_not_fit_into_the_time_is_left_to_the_next_run(event: Workshop) -> None:
    admit(event)

    assert remind_admitted(at=START - DAY, seconds=0) == 0
    assert remind(START - DAY) == 1


def test_nobody_is_reminded_who_has_cancelled_meanwhile(event: Workshop) -> None:
    registration = admit(event)
    cancel_registration(registration_id=registration.pk)
    Message.objects.all().delete()

    assert remind(START - DAY) == 0


def test_a_registration_can_be_told_of_a_day_only_once(event: Workshop) -> None:
    registration, day = admit(event), event.days.get()
    Notice.objects.create(registration=registration, day=day, kind="day_before")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(registration=registration, day=day, kind="day_before")


def test_a_person_is_told_of_their_reminders_and_nothing_of_them_is_left_after_an_erasure(
    event: Workshop,
) -> None:
    registration = admit(event)
    remind(START - DAY)

    [told] = export_data(participant=registration.participant)["registrations"]
    assert [(entry["kind"], entry["date"]) for entry in told["reminders"]] == [("day_before", "2030-06-17")]
    erase_participant(participant_id=registration.participant_id)
    assert (Notice.objects.count(), Message.objects.count()) == (0, 0)
