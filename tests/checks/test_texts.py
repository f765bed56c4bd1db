from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.checks.programmes import (
    EMPTY,
    JUNE,
    appears,
    codes,
    day,
    findings,
    house,
    in_order,
    item,
    platform,
    programme,
    speaker,
    workshop,
)
from workshops.domain.checks.links import is_broken

ONLY_GERMAN = {"de": "Nur deutsch", "tr": "", "en": ""}


def test_missing_translations_are_one_finding_for_a_workshop_and_language() -> None:
    city = {"de": "Stadt", "tr": "Şehir", "en": "City"}
    found = findings(
        in_order(background=ONLY_GERMAN, goals=ONLY_GERMAN, title=city, number=1),
        in_order(goals={"de": "", "tr": "Amaç", "en": "Goal"}, title=city, number=2),
    )
    assert [(f.severity, f.code, f.message["en"], len(f.places)) for f in found] == [
        ("warning", "translation-missing", "City (1): 2 texts are not translated yet (Turkish).", 1),
        ("warning", "translation-missing", "City (2): 1 text is not translated yet (German).", 1),
        ("note", "translation-missing", "City (1): 2 texts are not translated yet (English).", 1),
    ]


def test_as_long_as_nothing_is_written_in_english_no_english_is_asked_for() -> None:
    title = {"de": "Stadt", "tr": "Şehir", "en": ""}
    session = item(120, title={"de": "Vortrag", "tr": "Sunum", "en": ""})
    assert codes(findings(workshop(day(session), title=title), name=title, sender_name=title)) == []


def test_conference_and_shared_texts_are_findings_of_their_own() -> None:
    found = findings(
        workshop(day(item(120, appears(speaker("Ada", "Er", house("bursa", name=ONLY_GERMAN)))))),
        tagline={"de": "", "tr": "Bir", "en": "One"},
    )
    assert [f.message["en"].partition(":")[0] for f in found] == [
        "Conference",
        "Speakers, organisations and platforms",
        "Speakers, organisations and platforms",
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Städte lernen von einander", [("warning", "translation-identical")]),
        ("Gallery Walk Moodboards", []),
        ("Osnabrück", []),
    ],
)
def test_a_translation_that_only_repeats_the_source_is_told(words: str, expected: list) -> None:
    goals = {"de": words, "tr": words, "en": "Something else altogether, in English"}
    assert codes(findings(in_order(goals=goals))) == expected


def test_an_organisation_keeps_its_name_in_other_languages() -> None:
    name = dict.fromkeys(("de", "tr", "en"), "Migration Policy Center, Ankara")
    assert findings(in_order(hosts=(house("mpc", name=name),))) == []


@pytest.mark.parametrize(
    "target",
    [
        "www.example.org",
        "programme/",
        "https://",
        "https://exa mple.org",
        "https:/example.org",
        "ftp://example.org/x",
        "//example.org/x",
        "mailto:nobody",
        "tel:ask",
        "#",
        "/de/nowhere/",
        "/de/workshops/nowhere/",
        "/de/speakers/nobody/",
        "https://koprue.example/de/workshops/nowhere/",
        "http://[half",
    ],
)
def test_a_link_that_leads_nowhere_is_broken(target: str, settings: Any) -> None:
    settings.BASE_URL = "https://koprue.example"
    assert is_broken(target, programme(in_order(slug="stadt")))
    source = {"de": f"Siehe [hier]({target})."} | {"tr": "Bkz.", "en": "See"}
    assert [f.code for f in findings(in_order(slug="stadt", goals=source))] == ["broken-link"]


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/a?b=c#d",
        "http://example.org",
        "HTTPS://Example.org",
        "https://städte.example.org/",
        "mailto:hosts@example.org?subject=Frage",
        "tel:+49-30-1",
        "#ziele",
        "/de/programme/",
        "/tr/workshops/stadt/",
        "/en/workshops/stadt",
        "/programme.pdf?lang=de",
        "https://koprue.example/de/workshops/stadt/",
        "https://koprue.example",
    ],
)
def test_a_link_that_leads_somewhere_is_not_broken(target: str, settings: Any) -> None:
    settings.BASE_URL = "https://koprue.example"
    source = {"de": f"Siehe [hier]({target})."} | {"tr": "Bkz.", "en": "See"}
    assert findings(in_order(slug="stadt", goals=source)) == []


def test_a_platform_without_instructions_is_told_once_for_all_its_workshops() -> None:
    bare = platform(instructions=EMPTY)
    found = findings(
        in_order(platform=bare), in_order(platform=bare), in_order(platform=platform(name="Zoom"))
    )
    assert [(f.severity, f.code, len(f.places)) for f in found] == [
        ("note", "platform-without-instructions", 3)
    ]
    near = dt.datetime(2020, 6, 10, tzinfo=dt.UTC)
    assert codes(findings(in_order(platform=bare), at=near)) == [("warning", "platform-without-instructions")]


@pytest.mark.parametrize(
    ("minute", "expected"), [(0, []), (1, [("warning", "registration-closes-after-start")])]
)
def test_registration_may_close_when_the_workshop_begins_but_not_later(minute: int, expected: list) -> None:
    closes = dt.datetime(2020, 6, 15, 8, minute, tzinfo=dt.UTC)
    assert codes(findings(in_order(registration_closes_at=closes))) == expected


def test_registration_may_not_run_into_the_second_day() -> None:
    later = day(item(120), date=JUNE + dt.timedelta(days=1))
    closes = dt.datetime(2020, 6, 16, 6, tzinfo=dt.UTC)
    (found,) = findings(workshop(day(item(120)), later, registration_closes_at=closes))
    assert "15 June 2020, 10:00 CET / 11:00 TRT" in found.message["en"]
    assert "16 June 2020, 08:00 CET / 09:00 TRT" in found.message["en"]


@pytest.mark.parametrize(
    ("active", "listener", "expected"),
    [(100, None, []), (60, 40, []), (None, None, []), (101, None, ["over"]), (60, 41, ["over"])],
)
def test_places_beyond_what_the_platform_admits_are_told(
    active: int | None, listener: int | None, expected: list
) -> None:
    full = in_order(platform=platform(), capacity_active=active, capacity_listener=listener)
    found = findings(full, limits={"Kudo": 100})
    assert [f.code for f in found] == ["capacity-above-platform"] * len(expected)
    assert findings(full, limits={"Zoom": 1}) == []


def test_a_finding_says_itself_in_three_languages_and_names_its_workshop_in_each() -> None:
    title = {"de": "Stadt", "tr": "Şehir", "en": "City"}
    (found,) = findings(workshop(title=title, number=1))
    assert [found.message[code].startswith(f"{title[code]} (1)") for code in ("de", "tr", "en")] == [True] * 3
    assert found.as_json() == {
        "code": "workshop-without-days",
        "severity": "note",
        "message": found.message,
        "places": [
            {"text": "City (1)", "url": f"/admin/workshops/workshop/{found.places[0].workshop}/change/"}
        ],
    }
