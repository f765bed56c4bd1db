"""Before the way in opens there is a waiting room; what lets one in stands in no page of it until then."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from registration.models import AccessDetails, Registration
from tests import factories
from tests.attendance.test_join import begins_in
from tests.registration_pages.helpers import Visitor, everything, says, visit
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop, WorkshopDay

SECRETS = ("canary-room", "canary-passcode", "123 456 789")
NO_ACCESS_YET = "The way in is about to open: the organisers have not given the access details yet."


@pytest.fixture
def day(conference: Conference) -> WorkshopDay:
    """On its home clock it is about noon, whenever the test runs."""
    ahead = 12 - timezone.now().hour
    Conference.objects.filter(pk=conference.pk).update(home_zone=f"Etc/GMT{-ahead:+d}")
    conference.refresh_from_db()
    platform = factories.make_platform(
        conference,
        name="Kudo",
        connection_test_de="Öffnen Sie die **Testseite**.",
        connection_test_tr="**Deneme** sayfasını açınız.",
        instructions_de="Wählen Sie **Deutsch**.",
    )
    workshop = factories.make_workshop(conference, with_day=False, slug="own", platform=platform)
    return begins_in(factories.make_day(workshop), 60)


@pytest.fixture
def visitor(day: WorkshopDay) -> Visitor:
    person = factories.make_participant(day.workshop.conference)
    Registration.objects.create(participant=person, workshop=day.workshop, role="active", status="confirmed")
    return visit(person)


def room(visitor: Visitor, day: WorkshopDay, language: str = "en") -> tuple[str, list[str], str]:
    """Which room it is, which secrets stand in it, and the page."""
    response = visitor.get(f"my/join/{day.pk}/", language)
    assert response.status_code == 200
    text = response.content.decode()
    found = re.search(r'data-room="([^"]*)"', text)
    assert found is not None
    return found[1], [secret for secret in SECRETS if secret in text], text


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_before_it_opens_it_says_when_on_both_clocks_and_shows_no_secret(
    visitor: Visitor, day: WorkshopDay, language: str
) -> None:
    before = everything()

    state, secrets, text = room(visitor, day, language)

    assert (state, secrets) == ("before", [])
    lead = re.search(r'<p class="lead">([^<]*)</p>', text)
    assert lead is not None
    assert len(re.findall(r"\d\d:\d\d&nbsp;(?:CET|TRT)|\d\d:\d\d\N{NO-BREAK SPACE}(?:CET|TRT)", lead[1])) == 2
    assert "kudo.example" not in visitor.get(f"my/join/{day.pk}/")["Content-Security-Policy"]
    assert everything() == before


def test_it_opens_when_the_workshop_says_so(visitor: Visitor, day: WorkshopDay) -> None:
    Workshop.objects.update(join_minutes=61)

    state, secrets, text = room(visitor, day)

    assert (state, secrets) == ("open", list(SECRETS))
    assert f'action="/en/my/join/{day.pk}/"' in text
    assert "https://kudo.example" in visitor.get(f"my/join/{day.pk}/")["Content-Security-Policy"]


def test_with_the_details_missing_it_says_so(visitor: Visitor, day: WorkshopDay) -> None:
    AccessDetails.objects.update(version=0)
    Workshop.objects.update(join_minutes=61)

    page = visitor.get(f"my/join/{day.pk}/", "tr")

    assert room(visitor, day)[:2] == ("no-access", [])
    assert says(page, NO_ACCESS_YET, "tr")


def test_when_it_is_over_nothing_is_left_of_it(visitor: Visitor, day: WorkshopDay) -> None:
    WorkshopDay.objects.filter(pk=day.pk).update(opens=dt.time(0, 0), closes=dt.time(0, 1))
    release_programme(conference=day.workshop.conference)

    assert room(visitor, day)[:2] == ("over", [])


def test_while_the_time_is_to_be_announced_it_says_so(visitor: Visitor, day: WorkshopDay) -> None:
    WorkshopDay.objects.filter(pk=day.pk).update(opens=None, closes=None, date=factories.in_days(9))
    release_programme(conference=day.workshop.conference)

    assert room(visitor, day)[:2] == ("before", [])


@pytest.mark.parametrize("status", ["requested", "declined", "cancelled"])
def test_it_is_for_those_who_are_let_in(visitor: Visitor, day: WorkshopDay, status: str) -> None:
    Registration.objects.update(status=status)

    assert visitor.get(f"my/join/{day.pk}/").status_code == 404


def test_help_with_the_platform_stands_there_in_the_readers_language_from_the_confirmation_on(
    visitor: Visitor, day: WorkshopDay
) -> None:
    AccessDetails.objects.all().delete()

    for path in ("my/", f"my/join/{day.pk}/"):
        text = visitor.get(path, "tr").content.decode()
        assert "<strong>Deneme</strong> sayfasını açınız." in text
        assert '<div lang="de"><p>Wählen Sie <strong>Deutsch</strong>.' in text
    Registration.objects.update(status="requested")
    assert "sayfasını açınız" not in visitor.get("my/", "tr").content.decode()


@pytest.mark.parametrize(("minutes", "word"), [(60, "Today"), (-1, "Running now")])
def test_ones_own_page_says_what_is_today_and_what_runs(
    visitor: Visitor, day: WorkshopDay, minutes: int, word: str
) -> None:
    begins_in(day, minutes)

    text = visitor.get("my/").content.decode()

    assert re.findall(r'<span class="tag tag--now">([^<]*)</span>', text) == [word]


def test_registrations_stand_in_the_order_of_their_dates(visitor: Visitor, day: WorkshopDay) -> None:
    conference, later = day.workshop.conference, factories.in_days(3)
    rows = [("third", {"date": later, "opens": None, "closes": None}), ("second", {"date": later})]
    for slug, times in rows:
        workshop = factories.make_workshop(conference, with_day=False, slug=slug, position=0)
        factories.make_day(workshop, **times)
        Registration.objects.create(
            participant=visitor.participant, workshop=workshop, role="active", status="confirmed"
        )
    release_programme(conference=conference)

    text = visitor.get("my/").content.decode()

    assert re.findall(r'<section class="entry" id="([^"]*)"', text) == ["own", "second", "third"]


def test_what_is_no_longer_in_the_programme_is_not_passed_over(visitor: Visitor, day: WorkshopDay) -> None:
    gone = factories.make_workshop(day.workshop.conference, title_en="Energy in cities")
    Registration.objects.create(
        participant=visitor.participant, workshop=gone, role="active", status="confirmed"
    )

    assert "“Energy in cities” is not in the programme at the moment." in visitor.get("my/").content.decode()
