"""/programme.json, whose shape others rely on."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference

pytestmark = pytest.mark.django_db

TEXT = {
    "type": "object",
    "required": ["de", "tr", "en"],
    "additionalProperties": False,
    "patternProperties": {"^(de|tr|en)$": {"type": "string"}},
}
MOMENT = {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+0[12]:00$"}
CLOCK = {"type": ["string", "null"], "pattern": r"^\d\d:\d\d$"}
CLOCKS = {
    "type": "array",
    "minItems": 2,
    "maxItems": 2,
    "items": {
        "type": "object",
        "required": ["zone", "label", "start", "end", "day_offset"],
        "additionalProperties": False,
        "properties": {
            "zone": {"enum": ["Europe/Berlin", "Europe/Istanbul"]},
            "label": {"enum": ["CET", "TRT"]},
            "start": CLOCK,
            "end": CLOCK,
            "day_offset": {"type": "integer"},
        },
    },
}


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


APPEARANCE = closed(
    {
        "name": {"type": ["string", "null"]},
        "organisation": {"type": ["string", "null"]},
        "role": {"enum": ["speaker", "moderator", "greeting", "rapporteur", "technician"]},
        "status": {"enum": ["confirmed", "tbc"]},
    }
)
SESSION = closed(
    {
        "id": {"type": "integer"},
        "start": MOMENT,
        "end": MOMENT,
        "clocks": CLOCKS,
        "duration_minutes": {"type": ["integer", "null"]},
        "kind": {"type": "string"},
        "title": TEXT,
        "appearances": {"type": "array", "items": APPEARANCE},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/session"}},
    }
)
DAY = closed(
    {
        "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "start": MOMENT,
        "end": MOMENT,
        "clocks": CLOCKS,
        "sessions": {"type": "array", "items": {"$ref": "#/$defs/session"}},
    }
)
WORKSHOP = closed(
    {
        "slug": {"type": "string"},
        "number": {"type": ["integer", "null"]},
        "kind": {"enum": ["workshop", "information_event", "roundtable"]},
        "title": TEXT,
        "platform": {"type": ["string", "null"]},
        "hosts": {"type": "array", "items": {"type": "string"}},
        "capacity_active": {"type": ["integer", "null"]},
        "days": {"type": "array", "items": DAY},
    }
)
SCHEMA = {
    **closed(
        {
            "conference": {"type": "object"},
            "release": closed({"number": {"type": "integer"}, "date": {"type": "string"}}),
            "workshops": {"type": "array", "items": WORKSHOP},
        }
    ),
    "$defs": {"session": SESSION},
}


def programme(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/programme.json{query}")
    assert response.status_code == 200
    data: dict[str, Any] = response.json()
    return data


def workshop(client: Client, slug: str, query: str = "") -> dict[str, Any]:
    return {entry["slug"]: entry for entry in programme(client, query)["workshops"]}[slug]


def test_the_whole_programme_has_the_fixed_shape(demo: Conference, client: Client) -> None:
    data = programme(client)
    jsonschema.validate(data, SCHEMA)
    today = dt.datetime.now(ZoneInfo(demo.home_zone)).date()
    assert data["release"] == {"number": 1, "date": f"{today:%Y-%m-%d}"}
    assert [
        (w["slug"], w["number"], w["kind"], w["platform"], w["capacity_active"]) for w in data["workshops"]
    ] == [
        ("digitale-stadt", 1, "workshop", "Kudo", 30),
        ("nachhaltige-stadtentwicklung", 2, "workshop", "Kudo", 30),
        ("schutzfunktion-der-kommunen", 3, "workshop", "Kudo", 30),
        ("jugendaustausch", 4, "workshop", "Zoom", 30),
        ("informationsveranstaltung", None, "information_event", None, 200),
        ("oberbuergermeister-roundtable", None, "roundtable", None, 40),
    ]


def test_a_session_gives_its_instants_and_both_clocks(demo: Conference, client: Client) -> None:
    [day] = workshop(client, "digitale-stadt")["days"]
    assert (day["date"], day["start"], day["end"]) == (
        "2020-06-15",
        "2020-06-15T09:30:00+02:00",
        "2020-06-15T11:30:00+02:00",
    )
    session = day["sessions"][6]
    assert session == {
        "id": session["id"],
        "start": "2020-06-15T10:35:00+02:00",
        "end": "2020-06-15T10:50:00+02:00",
        "clocks": [
            {"zone": "Europe/Berlin", "label": "CET", "start": "10:35", "end": "10:50", "day_offset": 0},
            {"zone": "Europe/Istanbul", "label": "TRT", "start": "11:35", "end": "11:50", "day_offset": 0},
        ],
        "duration_minutes": 15,
        "kind": "presentation",
        "title": session["title"],
        "appearances": [{"name": None, "organisation": "Stadt Antalya", "role": "speaker", "status": "tbc"}],
        "parts": [],
    }


def test_parts_lie_within_their_sessions(demo: Conference, client: Client) -> None:
    [day] = workshop(client, "schutzfunktion-der-kommunen")["days"]
    exchange = day["sessions"][1]
    assert [len(part["parts"]) for part in exchange["parts"]] == [4, 0]
    assert [part["appearances"][0]["name"] for part in exchange["parts"][0]["parts"]] == [
        "Seda Rass-Turgut",
        "Aykut Sarp",
        "İbrahim Karatüme",
        "David Linse",
    ]
    assert [a["name"] for a in day["sessions"][2]["appearances"]] == [
        "Dr. Franck Düvell",
        "Prof. Ali Zafer Sağiroğlu",
    ]


def test_what_is_to_be_announced_is_null(demo: Conference, client: Client) -> None:
    [day] = workshop(client, "oberbuergermeister-roundtable")["days"]
    assert day == {
        "date": "2020-06-18",
        "start": None,
        "end": None,
        "clocks": [
            {"zone": "Europe/Berlin", "label": "CET", "start": None, "end": None, "day_offset": 0},
            {"zone": "Europe/Istanbul", "label": "TRT", "start": None, "end": None, "day_offset": 0},
        ],
        "sessions": [],
    }
    first, second = workshop(client, "jugendaustausch")["days"][0]["sessions"][:2]
    assert (first["start"], first["end"], second["start"]) == ("2020-06-03T10:00:00+02:00", None, None)


def test_the_partners_next_day_is_counted(conference: Conference, client: Client) -> None:
    day = factories.make_day(
        factories.make_workshop(conference, slug="eins", with_day=False),
        date=dt.date(2020, 12, 15),
        opens=dt.time(22, 30),
        closes=dt.time(23, 59),
    )
    factories.make_session(day)
    release_programme(conference=conference)
    [found] = workshop(client, "eins")["days"]
    assert found["sessions"][0]["start"] == "2020-12-15T22:30:00+01:00"
    assert [(c["start"], c["end"], c["day_offset"]) for c in found["sessions"][0]["clocks"]] == [
        ("22:30", "22:45", 0),
        ("00:30", "00:45", 1),
    ]


def test_organisations_are_named_in_the_language_asked_for(demo: Conference, client: Client) -> None:
    assert workshop(client, "digitale-stadt")["hosts"] == ["Deutscher Städtetag"]
    assert workshop(client, "digitale-stadt", "?lang=tr")["hosts"] == ["Alman Şehirler Birliği"]


def test_it_is_open_to_scripts_of_other_sites_and_sets_no_cookie(demo: Conference, client: Client) -> None:
    response = client.get("/programme.json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.cookies == {}
    assert "Cookie" not in response.headers["Vary"]
    again = client.get("/programme.json", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_from_the_cache_it_costs_one_query(
    demo: Conference, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    programme(client)
    with django_assert_num_queries(1):
        programme(client)


@pytest.mark.parametrize("language", ["fr", "DE", "xx", "d" * 5000, "%FF"])
def test_an_unknown_language_is_refused(demo: Conference, client: Client, language: str) -> None:
    response = client.get(f"/programme.json?lang={language}")
    assert (response.status_code, response.json()) == (
        400,
        {"error": "Unknown language: lang is de, tr or en."},
    )


def test_before_the_first_release_there_is_none(conference: Conference, client: Client) -> None:
    response = client.get("/programme.json")
    assert (response.status_code, response.json()) == (404, {"error": "No programme has been released yet."})
