"""/changes.atom: a feed reader learns of each release once, in its language, on both clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import feedparser
import pytest
from django.test import Client
from lxml import etree

from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Session

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, language: str = "de") -> Any:
    response = client.get(f"/changes.atom?lang={language}")
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    _follows_the_standard(etree.fromstring(response.content))
    found = feedparser.parse(response.content)
    assert (found.bozo, found.version) == (False, "atom10")
    return found


def _follows_the_standard(root: Any) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: each element as often as it may be, links of a kind once, ids once."""
    for holder in (root, *root.findall(f"{ATOM}entry")):
        count = {name: len(holder.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")}
        assert count == {"id": 1, "title": 1, "updated": 1}
        links = [(e.get("rel"), e.get("type"), e.get("hreflang")) for e in holder.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
    assert root.find(f"{ATOM}author/{ATOM}name").text
    own = [e.get("href") for e in root.findall(f"{ATOM}link[@rel='self']")]
    assert [address.partition("?")[0] for address in own] == ["http://testserver/changes.atom"]
    ids = [e.text for e in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))


def test_each_release_is_an_entry_that_says_what_changed(released: Conference, client: Client) -> None:
    Release.objects.update(published_at=dt.datetime(2020, 5, 1, 21, 30, tzinfo=dt.UTC))
    Session.objects.update(duration_minutes=25)
    release_programme(conference=released, note={"de": "Fünf Minuten <mehr>", "tr": "", "en": ""})
    Release.objects.filter(number=2).update(published_at=dt.datetime(2020, 5, 2, 8, tzinfo=dt.UTC))

    newest, first = feed(client).entries
    assert [(entry.title, entry.id, entry.updated, entry.link) for entry in (newest, first)] == [
        (
            "Programmfassung 2 · 2. Mai 2020, 10:00 CET / 11:00 TRT",
            f"tag:testserver,2020-05-02:{released.slug}/release/2/de",
            "2020-05-02T08:00:00+00:00",
            "http://testserver/de/changes/#release-2",
        ),
        (
            "Programmfassung 1 · 1. Mai 2020, 23:30 CET / 00:30 TRT, +1 (2. Mai 2020)",
            f"tag:testserver,2020-05-01:{released.slug}/release/1/de",
            "2020-05-01T21:30:00+00:00",
            "http://testserver/de/changes/#release-1",
        ),
    ]
    assert first.summary == "<p>Das Programm wurde zum ersten Mal veröffentlicht.</p>"
    assert newest.summary == (
        '<p lang="de">Fünf Minuten &lt;mehr&gt;</p><h2 lang="de">Fachworkshop 1: Digitale Stadt</h2>'
        "<ul><li>Dauer des Programmpunkts „Begrüßung“: bisher 20 Minuten; jetzt 25 Minuten.</li></ul>"
    )


def test_it_names_its_pages_in_every_language_and_is_named_by_them(
    released: Conference, client: Client
) -> None:
    found = feed(client, "tr").feed
    assert [(link.rel, link.get("hreflang"), link.href) for link in found.links] == [
        ("alternate", None, "http://testserver/tr/changes/"),
        ("self", None, "http://testserver/changes.atom?lang=tr"),
        ("alternate", "de", "http://testserver/de/changes/"),
        ("alternate", "en", "http://testserver/en/changes/"),
    ]
    page = client.get("/tr/").content.decode()
    assert (
        '<link rel="alternate" type="application/atom+xml" href="http://testserver/changes.atom?lang=tr"'
        in page
    )


def test_only_the_newest_twenty_are_told(released: Conference, client: Client) -> None:
    for _ in range(20):
        release_programme(conference=released)
    entries = feed(client, "en").entries
    assert [entry.title.split(" · ")[0] for entry in entries] == [f"Release {n}" for n in range(21, 1, -1)]
    assert entries[0].summary == "<p>Nothing was changed in the programme.</p>"
