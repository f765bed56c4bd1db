"""Access details go out at once, at a time, or some hours before; each version once; and who got which is known."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from registration.domain.access import access_for, announce_due, save_access_details
from registration.domain.access_schedule import sends_at
from registration.domain.access_told import not_reached, people_told
from registration.domain.confirm import confirm_registration
from registration.mails.render import render
from registration.models import AccessDetails, AccessTold, Message
from registration.tasks import announce_access
from tests import factories
from tests.access.conftest import owed, register
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def keep(day: WorkshopDay, **values: object) -> AccessDetails:
    details = AccessDetails(
        **{"day": day, "role": "active", "url": "https://kudo.example/canary-room", **values}
    )
    save_access_details(details=details, by=None)
    return details


def come(details: AccessDetails) -> None:
    """Its time of sending is now."""
    AccessDetails.objects.filter(pk=details.pk).update(send_at=timezone.now() - HOUR, hours_before=None)


def test_nothing_goes_out_before_its_time_and_then_once(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = keep(day, send_at=timezone.now() + HOUR)
    assert (announce_due(), owed(), access_for(registration=person)) == (0, [], [])

    come(details)
    announce_access()
    announce_access()

    assert owed() == [("access", person.pk)]
    assert [entry.url for entry in access_for(registration=person)] == [details.url]


def test_a_confirmation_before_the_time_holds_no_details_and_one_after_it_does(
    workshop: Workshop, day: WorkshopDay
) -> None:
    details = keep(day, send_at=timezone.now() + HOUR)
    early, late = (register(workshop, status="requested") for _ in range(2))
    confirm_registration(registration_id=early.pk)
    [mail] = Message.objects.all()
    assert "canary-room" not in str(render(message=mail).body)

    come(details)
    announce_due()
    confirm_registration(registration_id=late.pk)

    assert owed() == [("access", early.pk)]
    assert "canary-room" in str(render(message=Message.objects.get(registration=late)).body)


def test_a_time_that_has_passed_is_now(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    keep(day, send_at=timezone.now() - HOUR)
    assert owed() == [("access", person.pk)]


def test_hours_before_follow_the_day_when_it_is_moved(day: WorkshopDay) -> None:
    details = keep(day, hours_before=24)
    first = sends_at(details=details)
    day.date += dt.timedelta(days=7)
    day.save()
    details.refresh_from_db()
    assert first is not None
    assert sends_at(details=details) == first + dt.timedelta(days=7)


def test_before_its_time_is_known_a_day_counts_from_its_beginning(workshop: Workshop) -> None:
    day = factories.make_day(workshop, date=dt.date(2020, 6, 16), opens=None, closes=None)
    details = AccessDetails(day=day, role="active", hours_before=2)
    assert sends_at(details=details) == dt.datetime(2020, 6, 15, 20, 0, tzinfo=dt.UTC)


def test_hours_before_within_reach_go_out_at_once(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    keep(day, hours_before=24 * 365)
    assert owed() == [("access", person.pk)]


def test_details_due_together_are_one_mail(workshop: Workshop, day: WorkshopDay) -> None:
    register(workshop)
    other = factories.make_day(workshop, date=day.date + dt.timedelta(days=1))
    for each in (day, other):
        come(keep(each, send_at=timezone.now() + HOUR))
    assert announce_due() == 1


def test_what_is_incomplete_when_its_time_comes_goes_out_when_it_is_complete(
    workshop: Workshop, day: WorkshopDay
) -> None:
    person = register(workshop)
    details = keep(day, url="", send_at=timezone.now() + HOUR)
    come(details)
    assert announce_due() == 0
    details.refresh_from_db()
    details.url = "https://kudo.example/canary-room"
    save_access_details(details=details, by=None)
    assert owed() == [("access", person.pk)]


def test_taking_the_time_away_sends_them_now(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = keep(day, send_at=timezone.now() + HOUR)
    details.send_at = None
    save_access_details(details=details, by=None)
    assert owed() == [("access", person.pk)]


def test_once_sent_a_change_goes_out_at_once(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop)
    details = keep(day)
    details.refresh_from_db()
    details.passcode, details.send_at = "canary-passcode", timezone.now() + HOUR
    save_access_details(details=details, by=None)
    assert owed() == [("access", person.pk), ("access_changed", person.pk)]
    assert announce_due() == 0


def test_a_form_that_was_opened_before_the_sending_does_not_undo_it(
    workshop: Workshop, day: WorkshopDay
) -> None:
    person = register(workshop)
    opened = keep(day, send_at=timezone.now() + HOUR)
    come(opened)
    announce_due()
    opened.passcode = "canary-passcode"
    save_access_details(details=opened, by=None)
    assert owed() == [("access", person.pk), ("access_changed", person.pk)]
    assert AccessDetails.objects.get().version == 2


def test_the_database_keeps_to_one_kind_of_time(day: WorkshopDay) -> None:
    with pytest.raises(IntegrityError):
        factories.make_access(day, send_at=timezone.now(), hours_before=1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_once(workshop: Workshop, day: WorkshopDay) -> None:
    register(workshop)
    come(keep(day, send_at=timezone.now() + HOUR))
    start = threading.Barrier(2)

    def work() -> None:
        try:
            start.wait(60)
            announce_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(owed()) == 1


# Who has which version


def sent(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(status="sent", sent_at=timezone.now())


def test_it_is_known_who_received_which_version(workshop: Workshop, day: WorkshopDay) -> None:
    reached = register(workshop, last_name="A")
    details = keep(day)
    sent(Message.objects.get(registration=reached))
    late = register(workshop, last_name="B", status="requested")
    confirm_registration(registration_id=late.pk)
    details.refresh_from_db()

    assert list(people_told(details=details).values_list("pk", "received")) == [
        (late.pk, None),
        (reached.pk, 1),
    ]
    assert list(not_reached(details=details)) == [late]

    details.passcode = "canary-passcode"
    save_access_details(details=details, by=None)
    details.refresh_from_db()
    sent(Message.objects.get(registration=late, kind="access_changed"))

    assert list(people_told(details=details).values_list("pk", "received")) == [(reached.pk, 1), (late.pk, 2)]
    assert list(not_reached(details=details)) == [reached]


def test_a_confirmation_says_nothing_about_details_that_nobody_knows_yet(
    workshop: Workshop, day: WorkshopDay
) -> None:
    keep(day, send_at=timezone.now() + HOUR)
    person = register(workshop, status="requested")
    confirm_registration(registration_id=person.pk)
    assert list(AccessTold.objects.all()) == []
