"""The whole programme, a part of it, another clock: each has a plain address, and none makes pages without end."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.workshops.html import parse, text, with_class
from workshops.domain.clock_notes import ClockChange, ClockNotes, clock_notes
from workshops.domain.release import release_programme, released_programme
from workshops.domain.restore_release import restore_release
from workshops.domain.third_clock import clocks_by_country
from workshops.models import Conference, Release, Session, WorkshopDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def cities(conference: Conference) -> Conference:
    """Two workshops, each on its platform; the second one interpreted from Turkish only."""
    kudo, zoom = (factories.make_platform(conference, name=name) for name in ("Kudo", "Zoom"))
    first = factories.make_workshop(
        conference, slug="eins", platform=kudo, title_de="Stadt", title_tr="Şehir"
    )
    second = factories.make_workshop(
        conference,
        slug="zwei",
        platform=zoom,
        title_de="Jugend",
        title_tr="Gençlik",
        interpreted_languages=["tr"],
    )
    istanbul = factories.make_organisation(
        conference, name_de="Stadt Istanbul", name_tr="İstanbul Belediyesi"
    )
    speaker = factories.make_speaker(conference, first_name="Irmak", last_name="Işık", organisation=istanbul)
    welcome = factories.make_session(
        first.days.get(), title_de="Begrüßung", title_tr="Açılış", language_of_speech="tr"
    )
    welcome.appearances.create(speaker=speaker)
    block = factories.make_session(first.days.get(), title_de="Block", title_tr="Blok", duration_minutes=None)
    for title in ("Energie", "Wasser"):
        factories.make_session(
            first.days.get(), parent=block, title_de=title, title_tr=title, language_of_speech="de"
        )
    factories.make_session(second.days.get(), title_de="Austausch", title_tr="Değişim")
    release_programme(conference=conference)
    return conference


def titles(client: Client, query: str) -> list[str]:
    root = parse(client.get(f"/de/programme/{query}").content)
    return [text(title) for title in with_class(root, "schedule__title")]


EVERYTHING = ["Begrüßung", "Block", "Energie", "Wasser", "Austausch"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYTHING),
        ("?q=istanbul", ["Begrüßung"]),
        ("?q=İSTANBUL", ["Begrüßung"]),
        ("?q=ıstanbul", ["Begrüßung"]),
        ("?q=ISTANBUL+belediyesi", ["Begrüßung"]),
        ("?q=isik", ["Begrüßung"]),
        ("?q=begrussung", ["Begrüßung"]),
        ("?q=acilis", ["Begrüßung"]),
        ("?q=wasser", ["Block", "Wasser"]),
        ("?q=block", ["Block", "Energie", "Wasser"]),
        ("?q=genclik", ["Austausch"]),
        ("?q=wasser+energie", []),
        ("?workshop=zwei", ["Austausch"]),
        ("?workshop=no-such-one&platform=Skype&language=xx&page=7", EVERYTHING),
        ("?platform=Kudo", ["Begrüßung", "Block", "Energie", "Wasser"]),
        ("?language=de", ["Block", "Energie", "Wasser"]),
        ("?language=tr", ["Begrüßung", "Austausch"]),
        ("?platform=Kudo&language=tr", ["Begrüßung"]),
        ("?q=+++&workshop=", EVERYTHING),
        ("?q=%D8%00%ED%A0%80", None),
    ],
)
def test_a_part_of_the_programme_has_an_address(
    cities: Conference, client: Client, query: str, expected: list[str] | None
) -> None:
    if expected is None:
        assert client.get(f"/de/programme/{query}").status_code == 400
    else:
        assert titles(client, query) == expected


def test_it_says_how_much_was_found_and_leads_back(cities: Conference, client: Client) -> None:
    root = parse(client.get("/en/programme/?q=wasser&view=both").content)
    [found] = with_class(root, "found")
    assert text(found) == "2 of 5 programme items Show the whole programme"
    assert [link.get("href") for link in found.iter("a")] == ["/en/programme/?view=both"]
    nothing = parse(client.get("/en/programme/?q=xyzzy").content)
    assert "0 of 5 programme items" in text(nothing)
    assert "Nothing in the programme matches this." in text(nothing)
    canonical = [link.get("href") for link in nothing.iter("link") if link.get("rel") == "canonical"]
    assert canonical == ["http://testserver/en/programme/"]


def test_another_view_and_the_way_back_to_two_clocks_keep_the_filter(
    cities: Conference, client: Client
) -> None:
    def leads_to(query: str, words: str) -> list[str | None]:
        root = parse(client.get(f"/en/programme/?{query}").content)
        return [link.get("href") for link in root.iter("a") if text(link) == words]

    both, one, two_clocks = "German and Turkish side by side", "One language only", "Without my time"
    asked = "q=wasser&clock=Asia%2FTokyo"
    assert leads_to(asked, both) == [f"/en/programme/?view=both&{asked}"]
    assert leads_to(f"{asked}&view=both", one) == [f"/en/programme/?{asked}"]
    assert leads_to(f"{asked}&view=both", two_clocks) == ["/en/programme/?view=both&q=wasser&clock=none"]
    assert leads_to("view=both", one) == ["/en/programme/"]


def test_the_form_holds_what_was_chosen_and_markup_stays_text(cities: Conference, client: Client) -> None:
    answer = client.get(
        '/de/programme/?q="><script>&workshop=eins&language=tr&platform=Kudo&clock=Europe/London'
    )
    assert b"<script>&" not in answer.content
    [form] = [form for form in parse(answer.content).iter("form") if form.get("method") == "get"]
    typed = {
        field.get("name"): field.get("value") for field in form.iter("input") if field.get("type") != "radio"
    }
    chosen = [option.get("value") for option in form.iter("option") if option.get("selected") is not None]
    marked = [field.get("value") for field in form.iter("input") if field.get("checked") is not None]
    assert typed == {"q": '"><script>', "clock": "Europe/London"}
    assert (chosen, marked) == (["eins"], ["tr", "Kudo"])


def test_whatever_is_typed_is_not_kept(
    cities: Conference, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/de/programme/")
    cache.clear()
    tags = {client.get(f"/de/programme/?q={word}").headers["ETag"] for word in ("eins", "zwei", "drei")}
    assert len(tags) == 3
    assert len(cache._cache) == 0  # type: ignore[attr-defined]
    longest = "a" * 80
    assert (
        client.get(f"/de/programme/?q={longest}").headers["ETag"]
        == client.get(f"/de/programme/?q={longest}more").headers["ETag"]
    )


# The language of speech


def test_the_language_of_speech_stands_in_the_row(cities: Conference, client: Client) -> None:
    root = parse(client.get("/en/workshops/eins/").content)
    tags = [text(tag) for row in root.iter("tr") for tag in with_class(row, "tag--languages")]
    assert tags == ["Language of speech: Turkish", "Language of speech: German", "Language of speech: German"]


def test_a_change_of_it_is_told_in_words_and_taken_back(cities: Conference, client: Client) -> None:
    Session.objects.filter(title_de="Begrüßung").update(language_of_speech="de")
    release_programme(conference=cities)
    Session.objects.filter(title_de="Begrüßung").update(language_of_speech="")
    release_programme(conference=cities)
    page = text(parse(client.get("/en/changes/").content))
    title = Session.objects.get(title_de="Begrüßung").title_en  # type: ignore[attr-defined]
    assert f"Language of speech at “{title}”: until now Turkish, now German." in page
    assert f"Language of speech at “{title}”: until now German, now any." in page
    restore_release(release=Release.objects.get(number=1), by=None)
    assert Session.objects.get(title_de="Begrüßung").language_of_speech == "tr"


# A third clock

US_PLACES = ["New York", "Chicago", "Denver", "Phoenix", "Los Angeles", "Anchorage", "Adak", "Honolulu"]


def clocks(client: Client, address: str) -> list[str]:
    root = parse(client.get(address).content)
    return [text(cell) for cell in next(row for row in root.iter("tr") if row.get("id")) if cell.tag == "th"]


@pytest.mark.parametrize(
    ("clock", "shown"),
    [
        ("Europe/London", ["CET 09:30", "TRT 10:30", "My time 08:30"]),
        ("Asia/Calcutta", ["CET 09:30", "TRT 10:30", "My time 13:00"]),
        ("Pacific/Kiritimati", ["CET 09:30", "TRT 10:30", "My time 21:30"]),
        ("America/Los_Angeles", ["CET 09:30", "TRT 10:30", "My time 00:30"]),
        ("Europe/Paris", ["CET 09:30", "TRT 10:30", "My time 09:30"]),
        ("Europe/Istanbul", ["CET 09:30", "TRT 10:30"]),
        ("none", ["CET 09:30", "TRT 10:30"]),
        ("Mars/Olympus", ["CET 09:30", "TRT 10:30"]),
        ("../../etc/passwd", ["CET 09:30", "TRT 10:30"]),
    ],
)
def test_a_third_clock_has_an_address(
    released: Conference, client: Client, clock: str, shown: list[str]
) -> None:
    assert clocks(client, f"/en/workshops/eins/?clock={clock}") == shown


def test_its_name_is_in_the_readers_language_and_the_links_keep_it(
    released: Conference, client: Client
) -> None:
    root = parse(client.get("/tr/programme/?clock=Europe/London").content)
    legend = " ".join(text(entry) for entry in with_class(root, "clock-legend"))
    assert "= Londra, UTC+1" in legend
    links = [a.get("href") or "" for a in root.iter("a")]
    pages = [
        link
        for link in links
        if link.startswith("/tr/workshops/") or link == "/tr/speakers/?clock=Europe%2FLondon"
    ]
    assert pages
    assert [link for link in pages if "?clock=Europe%2FLondon" not in link] == []
    assert "/de/programme/?clock=Europe%2FLondon" in links
    alternates = [
        link.get("href") for link in root.iter("link") if link.get("hreflang") in {"de", "tr", "en"}
    ]
    assert [href for href in alternates if "clock" in (href or "")] == []


def test_it_is_offered_by_country_one_place_for_all_that_agree(released: Conference) -> None:
    offered = {
        country.name: [place.name for place in country.places]
        for country in clocks_by_country(programme=released_programme())
    }
    assert offered["United Kingdom"] == ["London"]
    assert offered["Germany"] == ["Berlin"]
    assert offered["United States of America"] == US_PLACES
    assert len(offered) > 230


def test_the_choice_of_a_clock_is_a_form_that_leads_to_the_programme(
    released: Conference, client: Client
) -> None:
    root = parse(client.get("/de/clock/?clock=Asia/Tokyo").content)
    [form] = [form for form in root.iter("form") if form.get("method") == "get"]
    assert form.get("action") == "/de/programme/"
    assert [o.get("value") for o in form.iter("option") if o.get("selected") is not None] == ["Asia/Tokyo"]


# Days on which the clocks behave otherwise

CET, TRT = "CET", "TRT"
GERMAN, TURKISH = "deutsche Zeit", "türkische Zeit"


@pytest.mark.parametrize(
    ("date", "previous", "expected"),
    [
        ("2020-06-15", None, ClockNotes()),
        ("2020-06-16", "2020-06-15", ClockNotes()),
        ("2020-10-26", "2020-10-24", ClockNotes(apart=120, before=60)),
        ("2020-10-26", None, ClockNotes()),
        ("2020-10-25", "2020-10-24", ClockNotes((ClockChange("CET", {}, -60),), apart=120, before=60)),
        ("2020-03-29", None, ClockNotes((ClockChange("CET", {}, 60),), apart=60, before=120)),
        ("2020-12-01", "2020-06-15", ClockNotes(apart=120, before=60)),
    ],
)
def test_a_day_on_which_the_clocks_behave_otherwise_is_known(
    conference: Conference, date: str, previous: str | None, expected: ClockNotes
) -> None:
    zones = tuple(type(zone)(zone.name, zone.label, {}) for zone in conference.zones)
    before = dt.date.fromisoformat(previous) if previous else None
    assert clock_notes(date=dt.date.fromisoformat(date), zones=zones, previous=before) == expected


def test_such_a_day_says_so_in_a_sentence(released: Conference, client: Client) -> None:
    workshop = released.workshops.get()
    factories.make_session(
        factories.make_day(workshop, date=dt.date(2020, 10, 25), opens=dt.time(9), closes=dt.time(10))
    )
    factories.make_session(
        factories.make_day(workshop, date=dt.date(2020, 10, 26), opens=dt.time(9), closes=dt.time(10))
    )
    release_programme(conference=released)
    expected = [
        "The clocks change on this date: CET (German time) is put back by 60 minutes. "
        "From this day on, the difference between the two clocks is: 2 hours (before: 1 hour)."
    ]
    for page in ("programme/", "workshops/eins/"):
        root = parse(client.get(f"/en/{page}").content)
        assert [text(note) for note in with_class(root, "clock-notes")] == expected
    assert WorkshopDay.objects.count() == 3
