"""The “join” button leads to the platform, and notes that somebody came if they agree."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from registration.domain.export_data import export_data
from registration.models import AccessDetails, Attendance, Participant, Registration
from tests import factories
from tests.registration_pages.helpers import Visitor, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
URL = "https://kudo.example/canary-room?a=1"


@pytest.fixture
def day(conference: Conference) -> WorkshopDay:
    """It began a minute ago, and is released with its access details. On its home clock it is about noon."""
    ahead = 12 - timezone.now().hour
    # The names of these zones count westwards.
    Conference.objects.filter(pk=conference.pk).update(home_zone=f"Etc/GMT{-ahead:+d}")
    conference.refresh_from_db()
    workshop = factories.make_workshop(conference, with_day=False, slug="own")
    return begins_in(factories.make_day(workshop), -1)


def begins_in(day: WorkshopDay, minutes: int) -> WorkshopDay:
    now = timezone.now().astimezone(ZoneInfo(day.workshop.conference.home_zone))
    start = now + dt.timedelta(minutes=minutes)
    times = {"opens": start.time(), "closes": (start + dt.timedelta(hours=1)).time()}
    WorkshopDay.objects.filter(pk=day.pk).update(date=start.date(), **times)
    day.refresh_from_db()
    AccessDetails.objects.filter(day=day).delete()
    factories.make_access(day, url=URL)
    release_programme(conference=day.workshop.conference)
    return day


@pytest.fixture
def visitor(day: WorkshopDay) -> Visitor:
    person = factories.make_participant(day.workshop.conference)
    Registration.objects.create(participant=person, workshop=day.workshop, role="active", status="confirmed")
    return visit(person)


def press(visitor: Visitor, day: WorkshopDay, **sent: str) -> Any:
    return visitor.post(f"my/join/{day.pk}/", sent)


def recorded() -> list[tuple[int, str]]:
    return list(Attendance.objects.values_list("day", "source"))


def test_the_button_leads_to_the_platform_and_records_nothing_unasked(
    visitor: Visitor, day: WorkshopDay
) -> None:
    answer = press(visitor, day)
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (303, URL, "no-referrer")
    assert "no-store" in answer["Cache-Control"]
    assert recorded() == []


def test_with_consent_it_records_once_when_somebody_came(visitor: Visitor, day: WorkshopDay) -> None:
    for _ in range(2):
        assert press(visitor, day, agrees="yes")["Location"] == URL
    assert recorded() == [(day.pk, "joined")]
    assert Attendance.objects.get().joined_at is not None
    told = export_data(participant=visitor.participant)
    assert told["registrations"][0]["attendance"][0]["source"] == "joined"


def test_the_consent_is_remembered_and_not_assumed(visitor: Visitor, day: WorkshopDay) -> None:
    def ticked() -> bool:
        return f'id="agrees-{day.pk}" checked' in visitor.get("my/").content.decode()

    assert not ticked()
    press(visitor, day, agrees="yes")
    assert ticked()
    assert Participant.objects.get().joining_recorded_since is not None


def test_taking_the_tick_away_deletes_what_was_recorded(visitor: Visitor, day: WorkshopDay) -> None:
    registration = Registration.objects.get()
    press(visitor, day, agrees="yes")
    Attendance.objects.create(registration=registration, day=day, source="report", minutes=60)
    assert press(visitor, day)["Location"] == URL
    assert recorded() == [(day.pk, "report")]
    assert Participant.objects.get().joining_recorded_since is None


def test_a_get_shows_the_button_and_records_nothing(visitor: Visitor, day: WorkshopDay) -> None:
    answer = visitor.get(f"my/join/{day.pk}/")
    assert (answer.status_code, "agrees" in answer.content.decode()) == (200, True)
    assert recorded() == []


def test_it_opens_half_an_hour_before_the_start(visitor: Visitor, day: WorkshopDay) -> None:
    begins_in(day, 40)
    assert "You can join from" in visitor.get("my/").content.decode()
    assert press(visitor, day, agrees="yes")["Location"] == f"/en/my/join/{day.pk}/"
    assert recorded() == []


def test_nobody_else_gets_in_by_it(visitor: Visitor, day: WorkshopDay) -> None:
    other = begins_in(
        factories.make_day(factories.make_workshop(day.workshop.conference, with_day=False)), -1
    )
    assert press(visitor, other).status_code == 404
    assert press(visitor, WorkshopDay(pk=10**15)).status_code == 404
    Registration.objects.update(status="cancelled")
    assert press(visitor, day).status_code == 404
    assert Client().post(f"/en/my/join/{day.pk}/").status_code == 403


def test_the_page_lets_its_form_lead_to_this_platform_only(visitor: Visitor, day: WorkshopDay) -> None:
    assert "form-action 'self' https://kudo.example" in visitor.get("my/")["Content-Security-Policy"]
    begins_in(day, 40)
    assert "form-action 'self'; " in visitor.get("my/")["Content-Security-Policy"] + "; "


@pytest.mark.parametrize(
    "url", ["https://kudo.example;script-src *", "https://kudo example/", "javascript:alert(1)"]
)
def test_an_address_that_would_change_the_policy_gets_no_button(
    visitor: Visitor, day: WorkshopDay, url: str
) -> None:
    AccessDetails.objects.filter(day=day).delete()
    factories.make_access(day, url=url)
    page = visitor.get("my/")
    assert "agrees" not in page.content.decode()
    assert "kudo" not in page["Content-Security-Policy"]


def test_ones_own_link_is_where_it_leads(visitor: Visitor, day: WorkshopDay) -> None:
    AccessDetails.objects.filter(day=day).update(personal_codes=True)
    registration = Registration.objects.get()
    own = "https://kudo.example/canary-code-9"
    factories.make_code(day, code=own, registration=registration, assigned_at=timezone.now())
    assert press(visitor, day)["Location"] == own


def test_a_workshop_that_is_over_has_no_button(visitor: Visitor, day: WorkshopDay) -> None:
    Workshop.objects.update(title_en="x")
    WorkshopDay.objects.filter(pk=day.pk).update(opens=dt.time(0, 0), closes=dt.time(0, 1))
    release_programme(conference=day.workshop.conference)
    assert press(visitor, day, agrees="yes")["Location"] == f"/en/my/join/{day.pk}/"
    assert recorded() == []
