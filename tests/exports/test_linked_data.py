"""What pages tell search engines and social networks, compared with the programme that was released."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from lxml import etree

from tests import factories
from tests.workshops.html import parse
from workshops.domain.release import release_programme, released_programme
from workshops.models import Appearance, Conference, Session, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def page(client: Client, path: str) -> Element:
    response = client.get(path)
    assert response.status_code == 200
    return parse(response.content)


def data(client: Client, path: str) -> Any:
    [script] = [e for e in page(client, path).iter("script") if e.get("type") == "application/ld+json"]
    return json.loads(script.text or "")


def metas(root: Element) -> dict[str, str]:
    found = (element for element in root.iter("meta") if element.get("property") or element.get("name"))
    return {str(e.get("property") or e.get("name")): str(e.get("content")) for e in found}


def inner(event: dict[str, Any]) -> list[dict[str, Any]]:
    return [event, *(each for part in event.get("subEvent", []) for each in inner(part))]


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_whole_programme_is_told_as_it_was_released(
    demo: Conference, client: Client, language: str
) -> None:
    told = data(client, f"/{language}/programme/")
    programme = released_programme()
    events = {event["@id"].partition("#")[2]: event for event in inner(told)}
    expected = {
        f"session-{session.id}": (session.title[language], session.start, session.end)
        for workshop in programme.workshops
        for day in workshop.days
        for session in day.walk()
        if session.start is not None
    }
    assert {
        name: (event["name"], _moment(event["startDate"]), _moment(event.get("endDate")))
        for name, event in events.items()
        if name.startswith("session-")
    } == expected
    assert [event["name"] for event in told["subEvent"]] == [w.title[language] for w in programme.workshops]
    assert (told["startDate"], told["endDate"]) == ("2020-06-15T09:30:00+02:00", "2020-06-18")
    assert told["inLanguage"] == ["de", "tr"]
    performers = {p["name"] for event in inner(told) for p in event.get("performer", [])}
    confirmed = Appearance.objects.filter(status="confirmed", speaker__isnull=False).exclude(
        role="technician"
    )
    assert performers == {appearance.speaker.full_name for appearance in confirmed}


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def test_a_workshop_is_an_online_event_of_the_conference(released: Conference, client: Client) -> None:
    host = factories.make_organisation(released, name_de="Stadt Köln", website="https://koeln.example/")
    Workshop.objects.get().workshop_hosts.create(organisation=host)
    release_programme(conference=released)
    session, workshop = Session.objects.get(), Workshop.objects.get()
    person = {
        "@type": "Person",
        "@id": "http://testserver/#speaker-ayse-isik",
        "name": "Dr. Ayşe Işık",
        "url": "http://testserver/de/speakers/ayse-isik/",
    }
    online = {
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
    }
    assert data(client, "/de/workshops/eins/") == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"http://testserver/#workshop-{workshop.pk}",
        "name": "Digitale Stadt",
        "url": "http://testserver/de/workshops/eins/",
        **online,
        "location": {"@type": "VirtualLocation", "url": "http://testserver/de/workshops/eins/"},
        "inLanguage": ["de", "tr"],
        "organizer": [{"@type": "Organization", "name": "Stadt Köln", "url": "https://koeln.example/"}],
        "startDate": "2020-06-15T23:30:00+02:00",
        "endDate": "2020-06-15T23:59:00+02:00",
        "performer": [person],
        "subEvent": [
            {
                "@type": "Event",
                "@id": f"http://testserver/#session-{session.pk}",
                "name": "Begrüßung",
                "url": f"http://testserver/de/workshops/eins/#session-{session.pk}",
                "startDate": "2020-06-15T23:30:00+02:00",
                "endDate": "2020-06-15T23:50:00+02:00",
                "performer": [person],
            }
        ],
        "image": "http://testserver/preview/workshops/eins.png?lang=de&release=2",
        "superEvent": {
            "@type": "Event",
            "@id": "http://testserver/#conference",
            "name": "Testkonferenz",
            "url": "http://testserver/de/",
            **online,
            "location": {"@type": "VirtualLocation", "url": "http://testserver/de/"},
            "startDate": "2020-06-15T23:30:00+02:00",
            "endDate": "2020-06-18",
        },
    }


def test_a_speaker_performs_in_what_they_have_agreed_to(released: Conference, client: Client) -> None:
    other = factories.make_session(Session.objects.get().day, title_de="Noch offen")
    other.appearances.create(speaker=Appearance.objects.get().speaker, status="tbc")
    release_programme(conference=released)
    told = data(client, "/de/speakers/ayse-isik/")
    assert (told["@type"], told["name"], told["honorificPrefix"]) == ("Person", "Dr. Ayşe Işık", "Dr.")
    assert [(event["name"], event["startDate"]) for event in told["performerIn"]] == [
        ("Begrüßung", "2020-06-15T23:30:00+02:00")
    ]


def test_what_was_moved_or_taken_out_says_so(released: Conference, client: Client) -> None:
    gone = factories.make_workshop(released, slug="zwei", title_de="Zwei")
    release_programme(conference=released)
    gone.delete()
    WorkshopDay.objects.update(opens=dt.time(22))
    release_programme(conference=released)
    stays, cancelled = data(client, "/de/")["subEvent"]

    assert (stays["eventStatus"], stays["startDate"], stays["previousStartDate"]) == (
        "https://schema.org/EventRescheduled",
        "2020-06-15T22:00:00+02:00",
        "2020-06-15T23:30:00+02:00",
    )
    assert (cancelled["name"], cancelled["eventStatus"], cancelled["url"]) == (
        "Zwei",
        "https://schema.org/EventCancelled",
        "http://testserver/de/changes/",
    )


def test_nothing_an_organiser_writes_ends_the_script(conference: Conference, client: Client) -> None:
    title = "</script><script>alert(1)</script>&amp;\u2028<!--"
    factories.make_workshop(conference, slug="eins", title_de=title)
    release_programme(conference=conference)
    raw = client.get("/de/workshops/eins/").content.decode()
    assert data(client, "/de/workshops/eins/")["name"] == title
    assert "<script>alert" not in raw


@pytest.mark.parametrize(
    ("path", "picture", "said"),
    [
        ("/de/", "preview.png?lang=de&release=1", ("Testkonferenz", "15.–18. Juni 2020")),
        (
            "/tr/workshops/eins/",
            "preview/workshops/eins.png?lang=tr&release=1",
            (
                "Dijital Şehir",
                "15 Haziran 2020 Pazartesi, 23:30–23:59 CET / 00:30–00:59 TRT, +1 (16 Haziran 2020)",
            ),
        ),
        (
            "/en/speakers/ayse-isik/",
            "preview/speakers/ayse-isik.png?lang=en&release=1",
            ("Dr. Ayşe Işık", "Dr. Ayşe Işık"),
        ),
        ("/en/imprint/", "preview.png?lang=en&release=1", ("Imprint – Test conference", "15–18 June 2020")),
    ],
)
def test_a_link_that_is_passed_on_shows_what_it_leads_to(
    released: Conference, client: Client, path: str, picture: str, said: tuple[str, str]
) -> None:
    root = page(client, path)
    found = metas(root)
    assert (found["og:title"], found["og:description"]) == said
    assert found["description"] == found["og:description"]
    assert (found["og:url"], found["og:image"]) == (
        f"http://testserver{path}",
        f"http://testserver/{picture}",
    )
    assert (found["twitter:card"], found["og:locale"][:2]) == ("summary_large_image", path[1:3])
    [default] = [e.get("href") for e in root.iter("link") if e.get("hreflang") == "x-default"]
    assert default == f"http://testserver{path[3:]}"
    leads = client.get(default, headers={"accept-language": "tr"})
    assert (leads.status_code, leads.headers["Location"]) == (302, f"/tr{path[3:]}")


def test_the_site_map_lists_each_page_in_each_language(released: Conference, client: Client) -> None:
    response = client.get("/sitemap.xml")
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    urls = etree.fromstring(response.content).findall("s:url", MAP)
    found = {url.findtext("s:loc", namespaces=MAP): url for url in urls}
    pages = (
        "", "programme/", "speakers/", "changes/", "accessibility/", "privacy/", "imprint/", "workshops/eins/",
        "speakers/ayse-isik/",
    )  # fmt: skip
    assert sorted(found) == sorted(
        f"http://testserver/{code}/{path}" for code in ("de", "tr", "en") for path in pages
    )
    for address in found:
        assert client.get(address).status_code == 200
    one = found["http://testserver/tr/workshops/eins/"]
    assert {(link.get("hreflang"), link.get("href")) for link in one.findall("x:link", MAP)} == {
        ("de", "http://testserver/de/workshops/eins/"),
        ("tr", "http://testserver/tr/workshops/eins/"),
        ("en", "http://testserver/en/workshops/eins/"),
        ("x-default", "http://testserver/workshops/eins/"),
    }
    assert one.findtext("s:lastmod", namespaces=MAP) == f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"


def test_robots_find_the_site_map(client: Client) -> None:
    assert (
        client.get("/robots.txt").content.decode().splitlines()[-1]
        == "Sitemap: http://testserver/sitemap.xml"
    )
