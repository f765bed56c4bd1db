"""What the clock's mails say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registration.domain.by_the_clock.still_due import HAS_BEGUN, WAS_MOVED
from registration.domain.outbox.still_owed import NOT_ADMITTED, reason_gone
from registration.mails.render import render
from registration.models import Message, Notice, Registration
from registration.tasks import write_by_the_clock
from tests import factories
from tests.by_the_clock.conftest import DAY, admit, move
from tests.outbox.conftest import Owe, event, owe  # noqa: F401 (fixtures)
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["day_before", "hour_before"])
def test_a_reminder_says_where_the_access_details_are_and_not_what_they_are(owe: Owe, kind: str) -> None:  # noqa: F811
    body = render(message=owe(kind, "en")).body

    assert "15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT" in body
    assert "15 December" not in body
    assert "You have the access details" in " ".join(body.split())
    assert "canary" not in body


def test_thanks_lead_to_the_results(owe: Owe) -> None:  # noqa: F811
    body = render(message=owe("thanks", "en")).body

    assert "Thank you for having been part of “Test conference”." in body
    assert "/en/workshops/workshop-" in body


@pytest.mark.parametrize(("certificates", "is_told"), [("confirmed", True), ("nobody", False)])
def test_thanks_name_the_certificate_where_there_is_one(owe: Owe, certificates: str, is_told: bool) -> None:  # noqa: F811
    message = owe("thanks", "en")
    Workshop.objects.update(certificates=certificates)
    Workshop.objects.get().days.filter(date__gt=dt.date(2020, 7, 1)).delete()
    message.refresh_from_db()

    body = " ".join(render(message=message).body.split())

    assert ("Your certificate of attendance is ready" in body) is is_told


def in_an_hour(conference_workshop: Workshop) -> Registration:
    """The workshop's day begins in 50 minutes; somebody was admitted long before."""
    start = (timezone.now() + dt.timedelta(minutes=50)).astimezone(dt.UTC)
    conference_workshop.conference.home_zone = "UTC"
    conference_workshop.conference.save()
    closes = min(start + dt.timedelta(minutes=5), start.replace(hour=23, minute=59, second=59))
    move(conference_workshop, date=start.date(), opens=start.time(), closes=closes.time())
    return admit(conference_workshop, since=timezone.now() - 9 * DAY)


@pytest.fixture
def waiting(conference: Conference) -> Message:
    """A reminder of a day that is near."""
    workshop = factories.make_workshop(conference)
    in_an_hour(workshop)
    write_by_the_clock()
    return Message.objects.select_related("registration__participant", "registration__workshop").get()


def test_beat_writes_what_is_due_now(waiting: Message) -> None:
    assert waiting.kind == "hour_before"
    assert list(Notice.objects.values_list("registration", "kind")) == [
        (waiting.registration_id, "hour_before")
    ]
    assert reason_gone(message=waiting) is None


def test_a_reminder_that_waited_too_long_is_kept_back(waiting: Message) -> None:
    assert waiting.registration is not None
    workshop = waiting.registration.workshop
    today = timezone.now().astimezone(dt.UTC).date()
    said = []
    for date in (today + 5 * DAY, today - DAY):
        move(workshop, date=date)
        said.append(reason_gone(message=waiting))
    workshop.days.all().delete()
    said.append(reason_gone(message=waiting))
    assert said == [WAS_MOVED, HAS_BEGUN, HAS_BEGUN]


def test_who_has_cancelled_gets_no_reminder_that_waits(waiting: Message) -> None:
    Registration.objects.update(status="cancelled")
    waiting = Message.objects.select_related("registration__participant", "registration__workshop").get()
    assert reason_gone(message=waiting) == NOT_ADMITTED
