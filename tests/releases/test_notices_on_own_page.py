"""The participant's own page says what has changed since they registered."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.models import Registration
from tests import factories
from tests.registration_pages.helpers import Visitor, visit
from tests.workshops.html import parse, text, with_class
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def start() -> dt.date:
    """Ahead, and in summer, so that the page's own clocks are what the test says."""
    return dt.date(2100, 6, 15)


@pytest.fixture
def event(conference: Conference, start: dt.date) -> Workshop:
    workshop = factories.make_workshop(conference, with_day=False, number=1, slug="city", title_en="City")
    factories.make_day(workshop, date=start)
    release_programme(conference=conference)
    return workshop


@pytest.fixture
def visitor(event: Workshop) -> Visitor:
    """Registered after the first release."""
    guest = visit(factories.make_participant(event.conference, language="en"))
    register(guest, event)
    return guest


def register(guest: Visitor, workshop: Workshop, status: str = "confirmed") -> Registration:
    return Registration.objects.create(
        participant=guest.participant, workshop=workshop, role="active", status=status
    )


def move(*workshops: Workshop, days: int = 1, on: dt.datetime | None = None) -> None:
    for day in WorkshopDay.objects.filter(workshop__in=workshops):
        WorkshopDay.objects.filter(pk=day.pk).update(date=day.date + dt.timedelta(days=days))
    release = release_programme(conference=workshops[0].conference)
    if on is not None:
        Release.objects.filter(pk=release.pk).update(published_at=on)


def notes(guest: Visitor, language: str = "en") -> list[str]:
    found = with_class(parse(guest.get("my/", language).content), "changed")
    return [text(note) for note in found]


def long_ago(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(created_at="2019-01-01T00:00Z")


def test_a_moved_day_is_said_with_both_clocks_and_leads_to_all_changes(
    visitor: Visitor, event: Workshop
) -> None:
    move(event, on=dt.datetime(2100, 1, 31, 12, tzinfo=dt.UTC))

    assert notes(visitor) == [
        "Changed on 31 January 2100 "
        "Date and time: until now Tuesday, 15 June 2100, 09:30–11:30 CET / 10:30–12:30 TRT, "
        "now Wednesday, 16 June 2100, 09:30–11:30 CET / 10:30–12:30 TRT. "
        "All changes to the programme: City"
    ]
    (note,) = with_class(parse(visitor.get("my/").content), "changed")
    assert [link.get("href") for link in note.iter("a")] == ["/en/changes/"]


def test_who_registered_afterwards_is_told_nothing(visitor: Visitor, event: Workshop) -> None:
    move(event)
    late = visit(factories.make_participant(event.conference))
    register(late, event)

    assert (len(notes(visitor)), notes(late)) == (1, [])


def test_who_registered_before_there_was_a_programme_is_told_nothing(
    visitor: Visitor, event: Workshop
) -> None:
    long_ago(visitor.registration("city"))
    move(event)

    assert notes(visitor) == []


def test_what_need_not_be_known_is_not_said(visitor: Visitor, event: Workshop) -> None:
    session = factories.make_session(event.days.get())
    session.appearances.create(speaker=factories.make_speaker(event.conference))
    Workshop.objects.filter(pk=event.pk).update(capacity_active=7)
    release_programme(conference=event.conference)

    assert notes(visitor) == []


def test_what_was_changed_and_changed_back_is_no_news(visitor: Visitor, event: Workshop) -> None:
    move(event)
    move(event, days=-1)

    assert notes(visitor) == []


def test_the_date_is_that_of_the_last_change_of_this_event(visitor: Visitor, event: Workshop) -> None:
    move(event, on=dt.datetime(2100, 1, 31, 12, tzinfo=dt.UTC))
    release_programme(conference=event.conference)

    (note,) = notes(visitor)

    assert note.startswith("Changed on 31 January 2100 ")


def test_another_event_s_change_is_not_this_one_s(visitor: Visitor, event: Workshop, start: dt.date) -> None:
    other = factories.make_workshop(event.conference, with_day=False)
    factories.make_day(other, date=start)
    release_programme(conference=event.conference)
    move(other)

    assert notes(visitor) == []


@pytest.mark.parametrize("status", ["cancelled", "declined"])
def test_who_is_not_registered_any_more_is_told_nothing(
    visitor: Visitor, event: Workshop, status: str
) -> None:
    Registration.objects.update(status=status)
    move(event)

    assert notes(visitor) == []


def test_an_event_that_is_over_needs_no_note(visitor: Visitor, event: Workshop) -> None:
    move(event, days=-50_000)

    assert notes(visitor) == []


def test_an_event_taken_out_of_the_programme_is_named(visitor: Visitor, event: Workshop) -> None:
    factories.make_workshop(event.conference)
    Workshop.objects.filter(pk=event.pk).update(conference=factories.make_conference(is_current=False))
    release_programme(conference=event.conference)

    (note,) = notes(visitor)

    assert ": City “City” was taken out of the programme (until now Tuesday, 15 June 2100" in note


def test_three_changed_events_cost_the_same_queries_as_one(
    visitor: Visitor, event: Workshop, start: dt.date
) -> None:
    others = [factories.make_workshop(event.conference, with_day=False) for _ in range(2)]
    for workshop in others:
        factories.make_day(workshop, date=start)
    release_programme(conference=event.conference)
    move(event, *others)
    counted = [queries(visitor)]
    for workshop in others:
        register(visitor, workshop)
    Registration.objects.update(created_at=Release.objects.get(number=2).published_at)
    counted.append(queries(visitor))

    assert (counted[0], len(notes(visitor))) == (counted[1], 3)


def test_many_releases_since_cost_no_more_than_one(visitor: Visitor, event: Workshop) -> None:
    move(event)
    few = queries(visitor)
    last = Release.objects.get(number=2)
    Release.objects.bulk_create(
        Release(conference=event.conference, number=number, snapshot=last.snapshot)
        for number in range(3, 153)
    )

    assert (queries(visitor), len(notes(visitor))) == (few, 1)


def queries(guest: Visitor) -> int:
    guest.get("my/")
    with CaptureQueriesContext(connection) as captured:
        guest.get("my/")
    return len(captured)
