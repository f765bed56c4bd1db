"""One truth for an agenda: starts are derived from the day's opening, the order and the durations."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests import factories
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import SessionEntry
from workshops.domain.snapshot import from_snapshot, to_snapshot
from workshops.models import Appearance, Conference, Session, WorkshopDay

pytestmark = pytest.mark.django_db


def laid_out(conference: Conference) -> list[tuple[str, str, str, int | None]]:
    [workshop] = build_programme(conference=conference).workshops
    return [row(session) for day in workshop.days for session in day.walk()]


def row(session: SessionEntry) -> tuple[str, str, str, int | None]:
    shown = session.faces[0] if session.faces else None
    return (
        session.number,
        shown.start_text if shown else "",
        shown.end_text if shown else "",
        session.duration_minutes,
    )


@pytest.fixture
def day(conference: Conference) -> WorkshopDay:
    workshop = factories.make_workshop(conference, with_day=False)
    return factories.make_day(workshop, date=dt.date(2020, 6, 16), opens=dt.time(10), closes=dt.time(12))


def test_sessions_follow_each_other_and_parts_lie_within_their_parent(
    conference: Conference, day: WorkshopDay
) -> None:
    factories.make_session(day, duration_minutes=10, position=1)
    exchange = factories.make_session(day, duration_minutes=90, position=2)
    talks = factories.make_session(day, parent=exchange, duration_minutes=None, position=1)
    for position in range(4):
        factories.make_session(day, parent=talks, duration_minutes=10, position=position)
    factories.make_session(day, parent=exchange, duration_minutes=None, position=2)
    factories.make_session(day, duration_minutes=10, position=3)
    assert laid_out(conference) == [
        ("1", "10:00", "10:10", 10),
        ("2", "10:10", "11:40", 90),
        ("2.1", "10:10", "10:50", 40),
        ("2.1.1", "10:10", "10:20", 10),
        ("2.1.2", "10:20", "10:30", 10),
        ("2.1.3", "10:30", "10:40", 10),
        ("2.1.4", "10:40", "10:50", 10),
        ("2.2", "10:50", "", None),
        ("3", "11:40", "11:50", 10),
    ]


def test_what_follows_an_open_duration_has_no_start(conference: Conference, day: WorkshopDay) -> None:
    factories.make_session(day, duration_minutes=None, position=1)
    factories.make_session(day, duration_minutes=10, position=2)
    assert laid_out(conference) == [("1", "10:00", "", None), ("2", "", "", 10)]


def test_a_day_without_times_has_sessions_without_times(conference: Conference) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    factories.make_session(factories.make_day(workshop, opens=None, closes=None), duration_minutes=10)
    assert laid_out(conference) == [("1", "", "", 10)]


def test_a_release_gives_back_the_very_same_programme(demo: Conference) -> None:
    programme = build_programme(conference=demo)
    assert from_snapshot(to_snapshot(programme)) == programme


def test_a_larger_programme_costs_no_more_queries(
    conference: Conference, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        workshop = factories.make_workshop(conference)
        session = factories.make_session(workshop.days.get())
        part = factories.make_session(workshop.days.get(), parent=session)
        Appearance.objects.create(session=part, speaker=factories.make_speaker(conference))
    with django_assert_num_queries(6):
        build_programme(conference=conference)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(dt.time(12), dt.time(10)), (dt.time(10), dt.time(10)), (dt.time(10), None), (None, dt.time(10))],
)
def test_the_database_refuses_a_day_that_contradicts_itself(
    conference: Conference, opens: dt.time | None, closes: dt.time | None
) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    day = WorkshopDay(workshop=workshop, date=dt.date(2027, 6, 1), opens=opens, closes=closes)
    with pytest.raises(ValidationError):
        day.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        day.save()


def test_a_day_refuses_times_in_a_clock_change_night(conference: Conference) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    day = WorkshopDay(workshop=workshop, date=dt.date(2027, 3, 28), opens=dt.time(2, 30), closes=dt.time(4))
    with pytest.raises(ValidationError) as caught:
        day.full_clean()
    assert list(caught.value.message_dict) == ["opens"]


def test_a_session_of_no_length_is_refused(day: WorkshopDay) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_session(day, duration_minutes=0)


def test_a_part_must_lie_on_its_parents_day_and_not_within_itself(
    conference: Conference, day: WorkshopDay
) -> None:
    elsewhere = factories.make_day(day.workshop, date=dt.date(2020, 6, 17))
    parent = factories.make_session(day)
    with pytest.raises(ValidationError):
        Session(day=elsewhere, parent=parent, title="x").clean()
    child = factories.make_session(day, parent=parent)
    parent.parent = child
    with pytest.raises(ValidationError):
        parent.clean()


def test_an_appearance_is_of_somebody(day: WorkshopDay) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appearance.objects.create(session=factories.make_session(day))
