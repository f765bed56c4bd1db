"""/programme.xml, which conference apps read: valid, the same for ever, and complete."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Session, Workshop

pytestmark = pytest.mark.django_db

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas" / "schedule.xml.xsd"))


def schedule(client: Client, query: str = "") -> Any:
    response = client.get(f"/programme.xml{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(response.content)
    SCHEMA.assertValid(root)
    return root


def texts(root: Any, path: str) -> list[str]:
    return [element.text or "" for element in root.findall(path)]


def shown(event: Any) -> dict[str, str]:
    return {child.tag: child.text or "" for child in event if len(child) == 0}


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_real_programme_is_valid_and_whole(demo: Conference, client: Client, language: str) -> None:
    root = schedule(client, f"?lang={language}")
    days = [day.get("date") for day in root.findall("day")]
    events = root.findall("day/room/event")

    assert days == ["2020-06-03", "2020-06-10", "2020-06-15", "2020-06-16", "2020-06-18"]
    assert (root.findtext("conference/time_zone_name"), root.findtext("conference/days")) == (
        "Europe/Berlin",
        "5",
    )
    timed = Session.objects.filter(parent=None).exclude(day__workshop__slug="jugendaustausch").count()
    # One for each day whose agenda has no times but the first; the events without any time are none.
    assert len(events) == timed + 2
    workshops = Workshop.objects.filter(kind="workshop")
    assert set(texts(root, "day/room/event/track")) == {
        getattr(workshop, f"title_{language}") for workshop in workshops
    }
    assert root.findtext("version").startswith("1 (")


def test_an_event_tells_what_the_programme_tells(released: Conference, client: Client) -> None:
    session = Session.objects.get()
    [event] = schedule(client, "?lang=tr").findall("day/room/event")

    assert shown(event) == {
        "room": "Çalıştay 1",
        "title": "Açılış",
        "subtitle": "Begrüßung",
        "type": "Karşılama",
        "date": "2020-06-15T23:30:00+02:00",
        "start": "23:30",
        "duration": "00:20",
        "abstract": "23:30–23:50 CET / 00:30–00:50 TRT, +1 (16 Haziran 2020)",
        "slug": f"eins-session-{session.pk}",
        "track": "Dijital Şehir",
        "language": "de, tr",
        "description": "",
        "url": f"http://testserver/tr/workshops/eins/#session-{session.pk}",
    }
    assert texts(event, "persons/person") == ["Dr. Ayşe Işık"]
    assert [(link.get("href"), link.text) for link in event.findall("links/link")] == [
        ("http://testserver/tr/workshops/eins/", "Dijital Şehir")
    ]


def test_who_comes_back_finds_the_same_event(released: Conference, client: Client) -> None:
    [before] = schedule(client).findall("day/room/event")
    Session.objects.update(title_de="Anders", duration_minutes=25, position=7)
    release_programme(conference=released)
    [after] = schedule(client, "?lang=en").findall("day/room/event")

    assert (after.get("id"), after.get("guid")) == (before.get("id"), before.get("guid"))
    assert (shown(after)["title"], shown(after)["duration"]) == ("Anders", "00:25")


def test_what_has_no_time_yet_is_one_event_over_the_time_that_is_left(
    released: Conference, client: Client
) -> None:
    day = Session.objects.get().day
    factories.make_session(day, title_de="Offen", duration_minutes=None, position=30_000)
    release_programme(conference=released)
    _first, rest = schedule(client).findall("day/room/event")

    assert (shown(rest)["title"], shown(rest)["date"], shown(rest)["duration"]) == (
        "Digitale Stadt",
        "2020-06-15T23:50:00+02:00",
        "00:09",
    )
    assert (
        rest.findtext("description").splitlines()[-1] == "23:50 CET / 00:50 TRT, +1 (16. Juni 2020) · Offen"
    )


def test_parts_are_named_in_the_description_and_their_people_count(
    released: Conference, client: Client
) -> None:
    session = Session.objects.get()
    part = factories.make_session(session.day, parent=session, title_de="Teil", duration_minutes=5)
    part.appearances.create(speaker=factories.make_speaker(released, first_name="Can", last_name="Öz"))
    release_programme(conference=released)
    [event] = schedule(client).findall("day/room/event")

    assert texts(event, "persons/person") == ["Dr. Ayşe Işık", "Can Öz"]
    assert (
        event.findtext("description")
        == "23:30–23:35 CET / 00:30–00:35 TRT, +1 (16. Juni 2020) · Teil · Can Öz"
    )


def test_a_programme_without_a_day_or_with_signs_xml_forbids_is_still_valid(
    conference: Conference, client: Client
) -> None:
    release_programme(conference=conference)
    assert [day.get("date") for day in schedule(client).findall("day")] == [conference.starts_on.isoformat()]

    factories.make_session(
        factories.make_day(factories.make_workshop(conference, with_day=False)), title_de="a\x0bb<&"
    )
    release_programme(conference=conference)
    assert schedule(client).findtext("day/room/event/title") == "ab<&"


@pytest.mark.parametrize("address", ["programme.xml", "changes.atom", "preview.png"])
def test_an_unknown_language_is_refused(released: Conference, client: Client, address: str) -> None:
    for language in ("fr", "DE", "both", "d" * 5000, "%FF"):
        response = client.get(f"/{address}?lang={language}")
        assert (response.status_code, response.content) == (400, b"Unknown language: lang is de, tr or en.\n")
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["programme.xml", "changes.atom", "sitemap.xml", "preview.png"])
def test_before_the_first_release_there_is_none(conference: Conference, client: Client, address: str) -> None:
    response = client.get(f"/{address}")
    assert (response.status_code, response.content) == (404, b"No programme has been released yet.\n")


@pytest.mark.parametrize("address", ["programme.xml", "changes.atom", "sitemap.xml"])
def test_it_is_made_once_for_a_release_and_sets_no_cookie(
    released: Conference, client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(f"/{address}")
    assert first.cookies == {}
    with django_assert_num_queries(1):
        again = client.get(f"/{address}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    release_programme(conference=released)
    assert client.get(f"/{address}").headers["ETag"] != first.headers["ETag"]


def test_the_clock_of_winter_is_the_winters(conference: Conference, client: Client) -> None:
    day = factories.make_day(
        factories.make_workshop(conference, with_day=False), date=dt.date(2020, 12, 15), opens=dt.time(9)
    )
    factories.make_session(day)
    release_programme(conference=conference)
    event = schedule(client).find("day/room/event")
    assert (event.findtext("date"), event.findtext("abstract")) == (
        "2020-12-15T09:00:00+01:00",
        "09:00–09:15 CET / 11:00–11:15 TRT",
    )
