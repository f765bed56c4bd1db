"""What runs now and what comes next: from the server for everybody, before any script has run."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from tests.workshops.html import parse, text
from workshops.domain.now_and_next import Running, now_and_next, turns
from workshops.domain.release import release_programme, released_programme
from workshops.models import Conference

pytestmark = pytest.mark.django_db

DATE = dt.date(2030, 6, 15)


@pytest.fixture
def two(conference: Conference) -> Conference:
    """Two workshops side by side from 09:30 CET (07:30 UTC), one of them with parts; a third one without an agenda."""
    for slug in ("eins", "zwei"):
        day = factories.make_day(factories.make_workshop(conference, slug=slug, with_day=False), date=DATE)
        factories.make_session(day, title_de=f"{slug} A", duration_minutes=15)
        block = factories.make_session(day, title_de=f"{slug} B", duration_minutes=None)
        if slug == "eins":
            for part in ("b1", "b2"):
                factories.make_session(day, parent=block, title_de=f"eins {part}", duration_minutes=10)
    late = factories.make_workshop(conference, slug="drei", title_de="Drei", with_day=False)
    factories.make_day(late, date=DATE + dt.timedelta(days=1))
    release_programme(conference=conference)
    return conference


def at(clock: str, *, days: int = 0) -> dt.datetime:
    return dt.datetime.combine(DATE + dt.timedelta(days=days), dt.time.fromisoformat(clock), tzinfo=dt.UTC)


def names(items: tuple[Running, ...]) -> list[str]:
    return [item.session.title["de"] if item.session else item.workshop.title["de"] for item in items]


@pytest.mark.parametrize(
    ("moment", "now", "following"),
    [
        (at("07:29"), [], ["eins A", "zwei A"]),
        (at("07:30"), ["eins A", "zwei A"], ["eins b1", "zwei B"]),
        (at("07:44"), ["eins A", "zwei A"], ["eins b1", "zwei B"]),
        (at("07:45"), ["eins b1", "zwei B"], ["eins b2"]),
        (at("08:00"), ["zwei B", "eins b2"], ["Drei"]),
        (at("09:30"), [], ["Drei"]),
        (at("07:30", days=1), ["Drei"], []),
        (at("09:30", days=1), [], []),
    ],
)
def test_it_is_right_to_the_minute(
    two: Conference, moment: dt.datetime, now: list[str], following: list[str]
) -> None:
    found = now_and_next(programme=released_programme(), at=moment)
    assert (sorted(names(found.now)), sorted(names(found.next))) == (sorted(now), sorted(following))


def test_between_two_turns_it_is_one_page(two: Conference) -> None:
    programme = released_programme()
    moments = ["07:00", "07:29", "07:30", "07:44", "07:45"]
    assert [turns(programme=programme, at=at(clock)) for clock in moments] == [0, 0, 1, 1, 2]


def test_the_page_says_it_on_both_clocks_and_holds_what_the_script_needs(
    two: Conference, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at("07:50"))
    answer = client.get("/de/now/")
    root = parse(answer.content)
    lists = {group.get("data-moments-list"): [text(h) for h in group.iter("h3")] for group in root.iter("ul")}
    assert lists["now"] == ["eins b1", "zwei B"]
    assert lists["next"] == ["eins b2"]
    assert lists["later"] == ["Drei"]
    assert "CET09:45–09:55 TRT10:45–10:55" in text(root)
    assert answer.headers["Cache-Control"] == CACHE_CONTROL


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "All events of the conference are over."),
        ({"opens": None, "closes": None}, "No times have been announced yet."),
    ],
)
def test_when_nothing_runs_any_more_it_says_so(
    conference: Conference, client: Client, values: dict[str, Any], sentence: str
) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    factories.make_day(workshop, date=dt.date(2020, 6, 15), **values)
    release_programme(conference=conference)
    root = parse(client.get("/en/now/").content)
    [over] = [element for element in root.iter("div") if element.get("data-moments-over") is not None]
    assert over.get("hidden") is None
    assert text(over) == sentence
