"""The public pages: both clocks in every row, three languages, the same for everybody, made once."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from django.test import Client

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from tests.workshops.html import headings, parse, text, with_class
from workshops.domain.release import release_programme
from workshops.models import Conference, Organisation, Release, Workshop

pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "programme/",
    "programme/?view=both",
    "programme/?q=Drees",
    "now/",
    "clock/",
    "offline/",
    "workshops/digitale-stadt/",
    "workshops/nachhaltige-stadtentwicklung/",
    "workshops/schutzfunktion-der-kommunen/",
    "workshops/jugendaustausch/",
    "workshops/informationsveranstaltung/",
    "workshops/oberbuergermeister-roundtable/",
    "changes/",
    "speakers/",
    "speakers/?by=organisation",
    "speakers/sabine-drees/",
    "accessibility/",
    "easy/",
    "privacy/",
    "imprint/",
]
LANGUAGES = ["de", "tr", "en"]
TIME = re.compile(r"\b\d\d:\d\d\b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_a_cookie_in_its_language(
    demo: Conference, client: Client, page: str, language: str
) -> None:
    response = client.get(f"/{language}/{page}")
    assert response.status_code == 200
    assert response.cookies == {}
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["Cache-Control"] == CACHE_CONTROL
    assert response.headers["Content-Language"] == language
    root = parse(response.content)
    assert root.get("lang") == language
    levels = headings(root)
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(next_level <= level + 1 for level, next_level in itertools.pairwise(levels))


@pytest.mark.parametrize("page", PAGES)
def test_every_time_stands_beside_its_time_on_the_other_clock(
    demo: Conference, client: Client, page: str
) -> None:
    """One hour apart in June, wherever a time is shown; nowhere a time outside of clocks and rows."""
    root = parse(client.get(f"/de/{page}").content)
    shown = 0
    for block in [*with_class(root, "clocks"), *root.iter("tr")]:
        faces = list(with_class(block, "clocks__face")) or list(with_class(block, "schedule__time"))
        times = [TIME.findall(text(face)) for face in faces]
        if any(times):
            home, partner = times
            assert [minutes(time) + 60 for time in home] == [minutes(time) for time in partner]
            assert [text(face)[:3] for face in faces] == ["CET", "TRT"]
            shown += len(home) + len(partner)
    assert shown == len(TIME.findall(text(root)))


def minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def rows(root_of: bytes) -> list[list[str]]:
    root = parse(root_of)
    return [[text(cell) for cell in row] for body in root.iter("tbody") for row in body]


def test_a_row_names_both_times_the_item_the_people_and_the_minutes(
    released: Conference, client: Client
) -> None:
    home, partner, item, people, minutes = rows(client.get("/tr/workshops/eins/").content)[0]
    assert (home, partner, people) == ("CET 09:30", "TRT 10:30", "Ayşe Işık tbc")
    assert item.startswith("Açılış ")
    assert minutes.startswith("15 ")


@pytest.mark.parametrize(
    ("date", "opens", "expected", "legend"),
    [
        (dt.date(2020, 6, 15), dt.time(9, 30), ["CET 09:30", "TRT 10:30"], "UTC+2 (summer time)"),
        (dt.date(2020, 12, 15), dt.time(9, 30), ["CET 09:30", "TRT 11:30"], "UTC+1 (winter time)"),
        (
            dt.date(2020, 6, 15),
            dt.time(23, 30),
            ["CET 23:30", "TRT 00:30 +1 (the next day)"],
            "UTC+2 (summer time)",
        ),
        (
            dt.date(2020, 3, 28),
            dt.time(23, 30),
            ["CET 23:30", "TRT 01:30 +1 (the next day)"],
            "UTC+1 (winter time)",
        ),
        (dt.date(2020, 3, 29), dt.time(4), ["CET 04:00", "TRT 05:00"], "UTC+2 (summer time)"),
        (dt.date(2020, 10, 25), dt.time(4), ["CET 04:00", "TRT 06:00"], "UTC+1 (winter time)"),
    ],
)
def test_the_clocks_differ_as_they_do_on_that_date(
    conference: Conference, client: Client, *, date: dt.date, opens: dt.time, expected: list[str], legend: str
) -> None:
    closes = dt.time(23, 59) if opens.hour == 23 else dt.time(12)
    workshop = factories.make_workshop(conference, slug="eins", with_day=False)
    factories.make_session(factories.make_day(workshop, date=date, opens=opens, closes=closes))
    release_programme(conference=conference)
    content = client.get("/en/workshops/eins/").content
    assert rows(content)[0][:2] == expected
    assert {text(entry) for entry in with_class(parse(content), "clock-legend")} >= {
        f"CET = German time, {legend} TRT = Turkish time, UTC+3"
    }


def test_without_a_time_it_says_to_be_announced(demo: Conference, client: Client) -> None:
    for slug in ("informationsveranstaltung", "oberbuergermeister-roundtable"):
        content = client.get(f"/en/workshops/{slug}/").content
        assert "Time to be announced" in text(parse(content))
        assert TIME.findall(text(parse(content))) == []
    later = rows(client.get("/en/workshops/jugendaustausch/").content)[1]
    assert later[0] == "–time to be announced"


def test_the_programme_lists_the_days_in_order_and_both_languages_on_request(
    demo: Conference, client: Client
) -> None:
    root = parse(client.get("/tr/programme/").content)
    assert [text(h) for h in root.iter("h2")] == [
        "3 Haziran 2020 Çarşamba",
        "10 Haziran 2020 Çarşamba",
        "15 Haziran 2020 Pazartesi",
        "16 Haziran 2020 Salı",
        "18 Haziran 2020 Perşembe",
    ]
    both = parse(client.get("/tr/programme/?view=both").content)
    heads = [
        [(part.get("lang"), text(part)) for part in h.iter("span") if part.get("lang")]
        for h in both.iter("h2")
    ]
    assert heads[0] == [("de", "Mittwoch, 3. Juni 2020"), ("tr", "3 Haziran 2020 Çarşamba")]
    titles = [text(title) for title in with_class(both, "schedule__title")]
    assert any("Begrüßung" in title and "Hoş Geldiniz" in title for title in titles)


def test_a_missing_translation_shows_the_other_language_marked(released: Conference, client: Client) -> None:
    Workshop.objects.update(title_tr="", background_de="Ein **wichtiges** Thema", background_tr="")
    release_programme(conference=released)
    root = parse(client.get("/tr/workshops/eins/").content)
    [title] = root.iter("h1")
    assert [(span.get("lang"), text(span)) for span in title.iter("span")] == [
        ("de", Workshop.objects.get().title_de)  # type: ignore[attr-defined]
    ]
    [background] = [d for d in root.iter("div") if d.get("lang") == "de" and "wichtiges" in text(d)]
    assert text(background) == "Ein wichtiges Thema"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/de/workshops/gibt-es-nicht/", 404),
        ("/tr/speakers/kimse/", 404),
        ("/de/workshops/" + "x" * 5000 + "/", 404),
        ("/de/workshops/%C4%B0stanbul/", 404),
        ("/de/workshops/%FF%FE/", 404),
        ("/de/workshops/a%00b/", 400),
        ("/de/programme/?view=%00", 400),
        ("/de/programme/?view=%FF", 200),
        ("/de/programme/?view=both&view=", 200),
        ("/xx/programme/", 404),
    ],
)
def test_odd_addresses_get_a_clear_answer(
    released: Conference, client: Client, address: str, status: int
) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_release_a_page_says_that_the_programme_will_follow(
    conference: Conference, client: Client, page: str
) -> None:
    response = client.get(f"/en/{page}")
    assert response.status_code == 200
    assert "The programme will follow" in text(parse(response.content))
    assert "no-store" in response.headers["Cache-Control"]


def test_the_switch_and_the_head_name_the_same_page_in_every_language(
    released: Conference, client: Client
) -> None:
    root = parse(client.get("/tr/workshops/eins/?x=1").content)
    switch = {
        a.get("hreflang"): a.get("href") for nav in with_class(root, "languages") for a in nav.iter("a")
    }
    assert switch == {code: f"/{code}/workshops/eins/" for code in LANGUAGES}
    links = [(link.get("rel"), link.get("hreflang"), link.get("href")) for link in root.iter("link")]
    assert [link for link in links if link[0] == "canonical" or link[1] in LANGUAGES] == [
        ("canonical", None, "http://testserver/tr/workshops/eins/"),
        *[("alternate", code, f"http://testserver/{code}/workshops/eins/") for code in LANGUAGES],
    ]


def test_speakers_of_both_countries_stand_in_one_alphabet(conference: Conference, client: Client) -> None:
    session = factories.make_session(factories.make_workshop(conference).days.get())
    for last_name in ("Zuber", "İnan", "Ihde", "Çelik", "Öz", "Oppel", "Şahin", "Cramer"):
        session.appearances.create(
            speaker=factories.make_speaker(conference, first_name="A", last_name=last_name)
        )
    release_programme(conference=conference)
    root = parse(client.get("/de/speakers/").content)
    names = [text(next(item.iter("a"))) for group in with_class(root, "speakers") for item in group]
    assert names == [
        f"A {name}" for name in ("Çelik", "Cramer", "Ihde", "İnan", "Oppel", "Öz", "Şahin", "Zuber")
    ]


def test_a_speaker_sees_every_appearance_with_both_clocks(demo: Conference, client: Client) -> None:
    root = parse(client.get("/de/speakers/sabine-drees/").content)
    clocks = [text(face) for face in with_class(root, "clocks__face")]
    assert clocks == [
        "CET09:40–09:50",
        "TRT10:40–10:50",
        "CET13:05–13:10",
        "TRT14:05–14:10",
        "CET10:00–10:10",
        "TRT11:00–11:10",
    ]


def registration(client: Client) -> str:
    root = parse(client.get("/en/workshops/eins/").content)
    return " ".join(text(element) for element in with_class(root, "glance__register"))


@pytest.mark.parametrize(
    ("values", "sentence", "can_ask"),
    [
        ({}, "Everybody interested may register.", True),
        ({"confirmation": "automatic"}, "Your place is confirmed at once while places are free.", True),
        ({"admission": "invited"}, "Registration is by invitation.", True),
        ({"capacity_active": 0}, "All active places are taken", True),
        ({"registration_opens_at": dt.datetime(2099, 6, 1, 22, tzinfo=dt.UTC)}, "It opens on:", False),
        (
            {"registration_closes_at": dt.datetime(2099, 6, 1, 22, tzinfo=dt.UTC)},
            "Registration closes on:",
            True,
        ),
        (
            {"registration_closes_at": dt.datetime(2019, 6, 1, tzinfo=dt.UTC)},
            "Registration has closed.",
            False,
        ),
    ],
)
def test_a_workshop_says_at_once_whether_one_can_register(
    conference: Conference, client: Client, values: dict[str, object], sentence: str, can_ask: bool
) -> None:
    """Without a release: these facts do not wait for one."""
    factories.make_workshop(conference, slug="eins")
    release_programme(conference=conference)
    registration(client)
    Workshop.objects.update(**values)
    assert sentence in registration(client)
    assert ("link" in registration(client).rsplit(".", 1)[-1]) == can_ask


def test_the_window_of_registration_is_given_on_both_clocks(conference: Conference, client: Client) -> None:
    factories.make_workshop(
        conference, slug="eins", registration_closes_at=dt.datetime(2099, 6, 1, 21, 30, tzinfo=dt.UTC)
    )
    release_programme(conference=conference)
    assert "Monday, 1 June 2099 CET23:30 TRT00:30 +1 (the next day)" in registration(client)


def test_an_event_of_the_past_says_so(released: Conference, client: Client) -> None:
    assert registration(client) == "Registration This event is over."


def test_markup_of_organisers_stays_text(released: Conference, client: Client) -> None:
    Workshop.objects.update(
        title_de="<script>alert(1)</script>", background_de="<img src=x onerror=alert(1)>"
    )
    Organisation.objects.update(website="https://example.org/")
    release_programme(conference=released)
    content = client.get("/de/workshops/eins/").content
    assert b"<script>alert" not in content
    assert b"<img" not in content


def test_a_conference_without_workshops_has_its_empty_pages(conference: Conference, client: Client) -> None:
    release_programme(conference=conference)
    assert Release.objects.count() == 1
    assert "No events have been published yet." in text(parse(client.get("/en/").content))
    assert "No events have been published yet." in text(parse(client.get("/en/programme/").content))
    assert "No speakers have been named yet." in text(parse(client.get("/en/speakers/").content))
    assert "Nobody can register" in text(parse(client.get("/en/privacy/").content))


def test_earlier_versions_of_the_privacy_notice_stay_readable(released: Conference, client: Client) -> None:
    factories.make_privacy_version(released, number=1, notice_de="Alte Fassung", consent_de="Alter Satz")
    factories.make_privacy_version(released, number=2, notice_de="Neue Fassung", consent_de="Neuer Satz")
    root = parse(client.get("/de/privacy/").content)
    [earlier] = root.iter("details")
    assert "Alte Fassung" in text(earlier)
    assert "Alter Satz" in text(earlier)
    assert "Neue" not in text(earlier)
    assert "Neue Fassung" in text(root)
