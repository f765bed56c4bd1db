"""/programme.ics, and the same of one workshop and of one session."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from tests.calendar.readers import Read, with_vobject
from tests.calendar.rules import Component, problems, read
from workshops.domain.release import release_programme, released_programme
from workshops.models import Conference, Release, Session, Workshop

pytestmark = pytest.mark.django_db


def fetch(path: str) -> HttpResponse:
    response = Client().get(path)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return response


def events(path: str) -> list[Component]:
    return read(fetch(path).content).named("VEVENT")


def told(path: str, *names: str) -> list[tuple[str, ...]]:
    return [tuple(event.one(name) for name in names) for event in events(path)]


def day_uids(workshop: Workshop) -> list[str]:
    return [f"day-{pk}@testserver" for pk in workshop.days.order_by("date").values_list("pk", flat=True)]


def test_the_whole_demo_breaks_no_rule(demo: Conference) -> None:
    sessions = Session.objects.order_by("pk").values_list("pk", flat=True)
    slugs = demo.workshops.values_list("slug", flat=True)
    paths = [
        *(f"programme.ics?lang={language}" for language in ("de", "tr", "en")),
        *(f"workshops/{slug}.ics?lang=tr" for slug in slugs),
        *(f"sessions/{pk}.ics?lang=de" for pk in sessions),
    ]

    found = {path: problems(fetch(f"/{path}").content) for path in paths}

    assert len(found) > 40
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_an_entry_in_full(event: Workshop) -> None:
    [first, *_others] = events("/workshops/eins.ics?lang=tr")

    day = event.days.order_by("date")[0]
    released = Release.objects.get().published_at.strftime("%Y%m%dT%H%M%SZ")
    page = f"http://testserver/tr/workshops/eins/#day-{day.pk}"
    description = (
        "24 Ekim 2020 Cumartesi\\, 23:00–23:30 CET / 00:00–00:30 TRT\\, +1 (25 Ekim 2020)\\n"
        "CET = Almanya saati\\, UTC+2 (yaz saati)\\; TRT = Türkiye saati\\, UTC+3\\n\\n"
        f"{('İğneden ipliğe ' * 15).strip()}\\n\\n"
    )
    values = {name: (parameters, value) for name, parameters, value in first.lines}
    said = values.pop("DESCRIPTION")
    assert said[0] == {"LANGUAGE": "tr"}
    assert said[1].startswith(description)
    assert said[1].endswith(page)
    assert values == {
        "UID": ({}, f"day-{day.pk}@testserver"),
        "SEQUENCE": ({}, "0"),
        "DTSTAMP": ({}, released),
        "CREATED": ({}, released),
        "LAST-MODIFIED": ({}, released),
        "STATUS": ({}, "CONFIRMED"),
        "DTSTART": ({"TZID": "Europe/Berlin"}, "20201024T230000"),
        "DTEND": ({"TZID": "Europe/Berlin"}, "20201024T233000"),
        "SUMMARY": ({"LANGUAGE": "tr"}, "Dijital Şehir"),
        "CATEGORIES": ({"LANGUAGE": "tr"}, "Çalıştay"),
        "LOCATION": ({}, "Kudo"),
        "URL": ({}, page),
        "TRANSP": ({}, "OPAQUE"),
        "ORGANIZER": ({"CN": "Konferans Bürosu"}, "mailto:hosts@example.org"),
    }
    [alarm] = first.parts
    assert (alarm.name, alarm.one("TRIGGER"), alarm.one("ACTION")) == ("VALARM", "-PT30M", "DISPLAY")


def test_both_zones_are_described_and_a_day_after_the_clock_change_is_in_winter_time(event: Workshop) -> None:
    content = fetch("/workshops/eins.ics").content

    zones = [zone.one("TZID") for zone in read(content).named("VTIMEZONE")]
    method, found = with_vobject(content)

    assert zones == ["Europe/Berlin", "Europe/Istanbul"]
    assert (method, [(one.start, one.end) for one in found]) == (
        "PUBLISH",
        [
            (dt.datetime(2020, 10, 24, 21, tzinfo=dt.UTC), dt.datetime(2020, 10, 24, 21, 30, tzinfo=dt.UTC)),
            (
                dt.datetime(2020, 10, 26, 8, 30, tzinfo=dt.UTC),
                dt.datetime(2020, 10, 26, 10, 30, tzinfo=dt.UTC),
            ),
            (dt.date(2020, 10, 28), None),
        ],
    )


def test_a_time_to_be_announced_is_never_made_up(event: Workshop) -> None:
    *_others, last = events("/workshops/eins.ics?lang=tr")

    assert (last.all("DTSTART"), last.all("DTEND")) == ([({"VALUE": "DATE"}, "20201028")], [])
    assert (last.one("STATUS"), last.one("TRANSP"), last.parts) == ("TENTATIVE", "TRANSPARENT", [])
    assert last.one("SUMMARY") == "Dijital Şehir – Kapanış"


def test_what_stands_between_separators_and_folds_comes_back_whole(event: Workshop) -> None:
    german, turkish = (fetch(f"/programme.ics?lang={language}").content for language in ("de", "tr"))

    assert (problems(german), problems(turkish)) == ([], [])
    assert "\n\nŞişli, Üsküdar; Iğdır \\ Çiğli\n\n" in with_vobject(german)[1][0].description
    assert "\n\n" + ("İğneden ipliğe " * 15).strip() + "\n\n" in with_vobject(turkish)[1][0].description


def test_a_session_has_a_file_of_its_own(event: Workshop) -> None:
    session = Session.objects.get()
    [found] = with_vobject(fetch(f"/sessions/{session.pk}.ics?lang=tr").content)[1]

    *_head, description = found.description.split("\n\n", 1)
    assert found == Read(
        uid=f"session-{session.pk}@testserver",
        sequence=0,
        status="CONFIRMED",
        summary="Açılış",
        description=found.description,
        location="Kudo",
        start=dt.datetime(2020, 10, 24, 21, tzinfo=dt.UTC),
        end=dt.datetime(2020, 10, 24, 21, 15, tzinfo=dt.UTC),
    )
    assert description.startswith("Önemli: program (https://example.org/p)\n\n- Birinci\n- İkinci\n\n")
    assert description.endswith(f"http://testserver/tr/workshops/eins/#session-{session.pk}")


def test_a_missing_translation_says_in_which_language_it_stands_there(event: Workshop) -> None:
    [first, *_others] = events("/programme.ics?lang=en")
    assert first.all("SUMMARY") == [({"LANGUAGE": "de"}, "Digitale Stadt")]


def test_a_release_that_changes_an_entry_raises_it_and_leaves_the_others(event: Workshop) -> None:
    before = told("/programme.ics", "UID", "SEQUENCE", "LAST-MODIFIED")
    Release.objects.update(published_at=dt.datetime(2020, 5, 1, tzinfo=dt.UTC))
    event.days.filter(date="2020-10-26").update(opens=dt.time(10))

    release_programme(conference=event.conference)

    after = told("/programme.ics", "UID", "SEQUENCE", "LAST-MODIFIED", "DTSTAMP")
    now = Release.objects.latest("number").published_at.strftime("%Y%m%dT%H%M%SZ")
    first, second, third = day_uids(event)
    assert [uid for uid, _sequence, _modified in before] == [first, second, third]
    assert after == [
        (first, "0", "20200501T000000Z", now),
        (second, "1", now, now),
        (third, "0", "20200501T000000Z", now),
    ]


def test_what_was_taken_out_is_cancelled_under_the_name_it_had(event: Workshop) -> None:
    first, second, third = day_uids(event)
    session = Session.objects.get().pk
    event.days.filter(date="2020-10-24").delete()
    release_programme(conference=event.conference)
    shortened = told("/workshops/eins.ics", "UID", "STATUS", "SEQUENCE")
    event.delete()
    release_programme(conference=event.conference)

    assert shortened == [
        (second, "CONFIRMED", "0"),
        (third, "TENTATIVE", "0"),
        (first, "CANCELLED", "1"),
    ]
    gone = [(first, "CANCELLED", "1"), (second, "CANCELLED", "1"), (third, "CANCELLED", "1")]
    assert told("/workshops/eins.ics", "UID", "STATUS", "SEQUENCE") == gone
    assert told("/programme.ics", "UID", "STATUS", "SEQUENCE") == gone
    assert told(f"/sessions/{session}.ics", "UID", "STATUS", "SUMMARY") == [
        (f"session-{session}@testserver", "CANCELLED", "Begrüßung")
    ]
    assert problems(fetch("/programme.ics").content) == []


def test_it_is_made_once_a_release_and_known_again(
    event: Workshop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = fetch("/programme.ics?lang=tr&utm_source=x")

    with django_assert_num_queries(2):
        again = Client().get("/programme.ics?lang=tr", headers={"if-none-match": first["ETag"]})
    with django_assert_num_queries(2):
        whole = fetch("/programme.ics?lang=tr")
    other = fetch("/programme.ics?lang=de")

    assert (again.status_code, whole.content, whole["ETag"]) == (304, first.content, first["ETag"])
    assert other["ETag"] != first["ETag"]
    assert {name: whole[name] for name in ("Cache-Control", "Content-Language", "Content-Disposition")} == {
        "Cache-Control": CACHE_CONTROL,
        "Content-Language": "tr",
        "Content-Disposition": 'inline; filename="programme-tr.ics"',
    }
    assert whole.cookies == {}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/programme.ics?lang=fr", 400, "Unknown language: lang is de, tr or en.\n"),
        ("/workshops/none.ics", 404, "This is not in the released programme.\n"),
        ("/sessions/999999.ics", 404, "This is not in the released programme.\n"),
    ],
)
def test_what_is_not_there_is_answered_in_one_line(
    event: Workshop, path: str, status: int, words: str
) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content.decode()) == (
        status,
        "text/plain; charset=utf-8",
        words,
    )


def test_work_in_progress_is_not_in_it(event: Workshop) -> None:
    session = factories.make_session(event.days.get(date="2020-10-26"), title_de="Noch geheim")
    unseen = Client().get(f"/sessions/{session.pk}.ics")
    Release.objects.all().delete()

    assert unseen.status_code == 404
    assert [Client().get(path).status_code for path in ("/programme.ics", "/workshops/eins.ics")] == [
        404,
        404,
    ]


def test_no_file_contains_access_details(event: Workshop) -> None:
    session = Session.objects.get().pk
    paths = ["/programme.ics", "/workshops/eins.ics", f"/sessions/{session}.ics"]
    whole = b"".join(fetch(path).content.replace(b"\r\n ", b"") for path in paths)
    assert [word for word in (b"canary-room", b"canary-passcode", b"123 456 789") if word in whole] == []


def links(**context: Any) -> list[str]:
    programme = released_programme()
    given = {"programme": programme, "workshop": programme.workshops[0], **context}
    with override("tr"):
        html = render_to_string("partials/calendar_links.html", given)
    return [part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:]]


def test_one_click_fills_in_an_entry_at_google_and_outlook(event: Workshop) -> None:
    file, google, outlook, *others = links()

    assert (file, len(others)) == ("/workshops/eins.ics?lang=tr", 4)
    asked = parse_qs(urlsplit(google).query)
    description = asked.pop("details")[0]
    assert (urlsplit(google).netloc, asked) == (
        "calendar.google.com",
        {
            "action": ["TEMPLATE"],
            "text": ["Dijital Şehir"],
            "dates": ["20201024T210000Z/20201024T213000Z"],
            "location": ["Kudo"],
        },
    )
    assert description.startswith("24 Ekim 2020 Cumartesi, 23:00–23:30 CET / 00:00–00:30 TRT, +1")
    asked = parse_qs(urlsplit(outlook).query)
    assert asked.pop("body") == [description]
    assert (urlsplit(outlook).netloc, "+" in outlook, asked) == (
        "outlook.office.com",
        False,
        {
            "path": ["/calendar/action/compose"],
            "rru": ["addevent"],
            "subject": ["Dijital Şehir"],
            "startdt": ["2020-10-24T21:00:00Z"],
            "enddt": ["2020-10-24T21:30:00Z"],
            "allday": ["false"],
            "location": ["Kudo"],
        },
    )
    assert parse_qs(urlsplit(others[-2]).query)["dates"] == ["20201028/20201029"]
    assert parse_qs(urlsplit(others[-1]).query)["allday"] == ["true"]


def test_a_sessions_links_are_its_own(event: Workshop) -> None:
    day = released_programme().workshops[0].days[0]
    file, google, _outlook = links(day=day, session=day.sessions[0])
    assert file == f"/sessions/{day.sessions[0].id}.ics?lang=tr"
    assert parse_qs(urlsplit(google).query)["dates"] == ["20201024T210000Z/20201024T211500Z"]
