from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import factories
from workshops.domain.checks.finding import Finding
from workshops.domain.checks.findings_for import findings_for
from workshops.models import Conference, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(conference: Conference) -> WorkshopDay:
    """In three days."""
    day = factories.make_day(
        factories.make_workshop(conference, with_day=False, capacity_listener=10),
        date=timezone.now().date() + dt.timedelta(days=3),
    )
    factories.make_session(day, duration_minutes=120)
    return day


def told(conference: Conference) -> list[Finding]:
    return [f for f in findings_for(conference=conference) if f.code == "access-details-missing"]


def test_days_near_at_hand_need_access_details_for_both_roles(
    conference: Conference, day: WorkshopDay
) -> None:
    (found,) = told(conference)
    assert found.severity == "warning"
    assert found.message["en"].endswith("there are no access details yet (active, listening).")
    assert [place.url for place in found.places] == [
        f"/admin/workshops/workshopday/{day.pk}/change/",
        f"/admin/registration/accessdetails/add/?day={day.pk}&role=active",
        f"/admin/registration/accessdetails/add/?day={day.pk}&role=listener",
    ]


def test_none_are_missing_once_they_are_there(conference: Conference, day: WorkshopDay) -> None:
    factories.make_access(day)
    assert [len(found.places) for found in told(conference)] == [2]
    factories.make_access(day, role="listener")
    assert told(conference) == []


def test_details_nobody_can_use_are_missing(conference: Conference, day: WorkshopDay) -> None:
    factories.make_access(day, url="", meeting_number="")
    factories.make_access(day, role="listener")
    assert [len(found.places) for found in told(conference)] == [2]


def test_where_nobody_may_listen_no_listener_needs_any(conference: Conference, day: WorkshopDay) -> None:
    Workshop.objects.filter(pk=day.workshop_id).update(capacity_listener=0)
    factories.make_access(day)
    assert told(conference) == []


@pytest.mark.parametrize("days", [-1, 9])
def test_what_is_over_or_far_away_needs_none_yet(conference: Conference, day: WorkshopDay, days: int) -> None:
    WorkshopDay.objects.filter(pk=day.pk).update(date=timezone.now().date() + dt.timedelta(days=days))
    assert told(conference) == []
