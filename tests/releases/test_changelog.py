"""The public changelog: every release in words, the same for everybody, made once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from tests.workshops.html import headings, parse, text, with_class
from workshops.domain.changelog import RELEASES_A_PAGE
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

MOVED = (
    "Date and time: until now Monday, 15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT, "
    "now Tuesday, 16 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT."
)


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """Released once."""
    workshop = factories.make_workshop(
        conference, with_day=False, slug="eins", number=1, title_en="Digital city"
    )
    factories.make_day(workshop, date=dt.date(2020, 6, 15))
    release_programme(conference=conference)
    return workshop


def move(event: Workshop, **note: str) -> Release:
    WorkshopDay.objects.filter(workshop=event).update(date=dt.date(2020, 6, 16))
    return release_programme(conference=event.conference, note=note)


def sections(client: Client, page: str = "/en/changes/") -> list[tuple[str, list[str]]]:
    """Of each release its heading and everything below its date."""
    root = parse(client.get(page).content)
    found = []
    for section in with_class(root, "release"):
        (date,) = with_class(section, "release__date")
        section.remove(date)
        said = [text(part) for part in section.iter() if part.tag in {"p", "h3", "li"}]
        found.append((text(next(section.iter("h2"))), said))
    return found


def test_each_release_says_what_it_changed_the_newest_first(event: Workshop, client: Client) -> None:
    move(event, en="One day later.")

    assert sections(client) == [
        ("Release 2", ["One day later.", "Workshop 1: Digital city", MOVED]),
        ("Release 1", ["The programme was published for the first time."]),
    ]


def test_a_release_that_changed_nothing_says_so(event: Workshop, client: Client) -> None:
    release_programme(conference=event.conference)

    assert sections(client)[0] == ("Release 2", ["Nothing was changed in the programme."])


def test_a_release_is_dated_on_both_clocks(event: Workshop, client: Client) -> None:
    Release.objects.update(published_at=dt.datetime(2020, 1, 31, 22, 15, tzinfo=dt.UTC))

    (date,) = with_class(parse(client.get("/de/changes/").content), "release__date")

    # In winter, two hours apart, whatever the clocks mean in June.
    assert text(date) == (
        "Freitag, 31. Januar 2020 CET23:15 TRT01:15 +1 (am nächsten Tag) "
        "CET = deutsche Zeit, UTC+1 (Winterzeit) TRT = türkische Zeit, UTC+3"
    )


def test_what_the_clocks_mean_is_said_once_for_each_time_of_the_year(event: Workshop, client: Client) -> None:
    Release.objects.update(published_at=dt.datetime(2020, 5, 1, 12, tzinfo=dt.UTC))

    def legends() -> list[str]:
        return [text(part) for part in with_class(parse(client.get("/en/changes/").content), "clock-legend")]

    summer = "CET = German time, UTC+2 (summer time) TRT = Turkish time, UTC+3"
    winter = "CET = German time, UTC+1 (winter time) TRT = Turkish time, UTC+3"
    assert legends() == [summer]
    factories.make_day(event, date=dt.date(2020, 12, 15))
    release_programme(conference=event.conference)
    Release.objects.update(published_at=dt.datetime(2020, 5, 1, 12, tzinfo=dt.UTC))
    assert legends() == [summer, winter, summer, summer]


def test_a_note_in_another_language_is_marked_with_it(event: Workshop, client: Client) -> None:
    move(event, de="Einen Tag später.")

    spoken = [
        [
            (part.get("lang"), text(part))
            for part in parse(client.get(f"/{code}/changes/").content).iter("span")
        ]
        for code in ("de", "tr")
    ]

    assert ("de", "Einen Tag später.") not in spoken[0]
    assert ("de", "Einen Tag später.") in spoken[1]


def test_a_workshop_leads_to_its_page_unless_it_is_gone(event: Workshop, client: Client) -> None:
    other = factories.make_workshop(event.conference, slug="zwei")
    release_programme(conference=event.conference)
    Workshop.objects.filter(pk=other.pk).delete()
    move(event)

    links = [link.get("href") for link in parse(client.get("/de/changes/").content).iter("a")]

    assert "/de/workshops/eins/" in links
    assert "/de/workshops/zwei/" not in links


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_it_is_a_public_page(event: Workshop, client: Client, language: str) -> None:
    move(event)

    answer = client.get(f"/{language}/changes/")

    assert (answer.status_code, answer.cookies) == (200, {})
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    assert answer.headers["Content-Language"] == language
    assert headings(parse(answer.content)) == [1, 2, 3, 2]
    again = client.get(f"/{language}/changes/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_release_shows_at_once(event: Workshop, client: Client) -> None:
    before = client.get("/de/changes/").headers["ETag"]
    move(event)

    answer = client.get("/de/changes/", headers={"If-None-Match": before})

    assert (answer.status_code, len(sections(client))) == (200, 2)


def test_before_the_first_release_the_page_says_that_it_follows(
    conference: Conference, client: Client
) -> None:
    answer = client.get("/en/changes/")
    assert (answer.status_code, "The programme will follow" in answer.content.decode()) == (200, True)


def test_a_long_history_comes_in_pages(event: Workshop, client: Client) -> None:
    for _ in range(RELEASES_A_PAGE):
        release_programme(conference=event.conference)

    first, second = (sections(client, f"/en/changes/{page}") for page in ("", "?page=2"))

    assert [name for name, _said in first] == [f"Release {number}" for number in range(21, 1, -1)]
    # The oldest of a page is compared with the next one, too.
    assert first[-1][1] == ["Nothing was changed in the programme."]
    assert second == [("Release 1", ["The programme was published for the first time."])]
    assert beyond(client, "/en/changes/") == ["/en/changes/?page=2"]
    assert beyond(client, "/en/changes/?page=2") == ["/en/changes/"]


def beyond(client: Client, page: str) -> list[str | None]:
    """Where the row of links below the releases leads."""
    rows = with_class(parse(client.get(page).content), "link-row")
    return [link.get("href") for row in rows for link in row.iter("a")]


@pytest.mark.parametrize("page", ["0", "1", "-1", "x", "²", "", "9" * 30])
def test_what_is_no_page_is_the_first(event: Workshop, client: Client, page: str) -> None:
    plain, asked = client.get("/de/changes/"), client.get("/de/changes/", {"page": page})
    assert (asked.content, asked.headers["ETag"]) == (plain.content, plain.headers["ETag"])


def test_a_page_beyond_the_history_is_not_found(event: Workshop, client: Client) -> None:
    assert client.get("/de/changes/?page=2").status_code == 404


def test_a_long_history_costs_as_many_queries_as_a_short_one(
    event: Workshop, client: Client, *, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/de/changes/")
    for _ in range(2):
        move(event)
        with django_assert_num_queries(6):
            client.get("/de/changes/")
        with django_assert_num_queries(1):
            client.get("/de/changes/")
        release_programme(conference=event.conference)


@pytest.mark.parametrize("page", ["programme/", "workshops/eins/", "imprint/"])
def test_it_is_found_from_the_programme_and_from_every_page(
    event: Workshop, client: Client, page: str
) -> None:
    expected = {"programme/": 2, "workshops/eins/": 2, "imprint/": 1}
    links = [link.get("href") for link in parse(client.get(f"/de/{page}").content).iter("a")]
    assert links.count("/de/changes/") == expected[page]
