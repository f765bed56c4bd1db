"""What everybody sees and gets: at once, of released sessions, to be saved."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conference.public_bytes.answers import CACHE_CONTROL
from tests import factories
from tests.material.files import PDF, make_file
from workshops.domain.build_programme import build_programme
from workshops.domain.release import release_programme
from workshops.domain.snapshot import to_snapshot
from workshops.models import Material, Release, Session

PAGES = ("/en/programme/", "/en/workshops/eins/", "/de/programme/?view=both")
MORE = "Participants of this workshop find more on"


def material_in(html: str) -> list[str]:
    """The text of each item, in a line."""
    lists = re.findall(r'<ul class="material">(.*?)</ul>', html, re.DOTALL)
    items = [item for found in lists for item in re.findall(r"<li>(.*?)</li>", found, re.DOTALL)]
    return [" ".join(re.sub(r"<[^>]+>", "", item).replace("\xa0", " ").split()) for item in items]


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_it_is_shown_as_soon_as_it_is_saved_and_pages_are_known_anew(
    session: Session, client: Client, path: str
) -> None:
    before = client.get(path)
    assert material_in(before.content.decode()) == []

    make_file(session, title="Akıllı şehir", language="tr", position=2)
    factories.make_material(session, url="https://kent.example/x?a=1&b=2", position=1)
    hidden = make_file(session, audience="participants", title="Gizli")
    make_file(session, audience="organisers", title="Noch nicht")
    after = client.get(path)
    html = after.content.decode()

    # In other languages the words are the catalogues'.
    said = ["Website (link to kent.example)", "Slides: Akıllı şehir (PDF, 48 bytes, Turkish)"]
    assert len(material_in(html)) == len(said)
    assert not path.startswith("/en/") or (material_in(html), MORE in html) == (said, True)
    assert 'href="https://kent.example/x?a=1&amp;b=2" rel="noreferrer noopener"' in html
    assert 'hreflang="tr"' in html
    assert '<bdi lang="tr">Akıllı şehir</bdi>' in html
    assert ("Gizli" in html, "Noch nicht" in html, f"/material/{hidden.pk}/" in html) == (False,) * 3
    assert after["ETag"] != before["ETag"]
    assert client.get(path, headers={"if-none-match": after["ETag"]}).status_code == 304

    Material.objects.all().delete()
    assert client.get(path)["ETag"] == before["ETag"]


def test_what_only_organisers_see_changes_nothing_for_others(session: Session, client: Client) -> None:
    before = page(client, "/en/workshops/eins/")
    make_file(session, audience="organisers")
    assert page(client, "/en/workshops/eins/") == before


def test_a_file_is_sent_to_be_saved_and_never_shown_as_a_page(session: Session, client: Client) -> None:
    material = make_file(session, name="Şehir Günü.pdf")
    address = f"/material/{material.pk}/"

    sent = client.get(address)

    assert (sent.status_code, sent.content) == (200, PDF)
    names = (
        "Content-Type",
        "Content-Disposition",
        "Content-Length",
        "X-Content-Type-Options",
        "Cache-Control",
    )
    assert [sent[name] for name in names] == [
        "application/pdf",
        "attachment; filename*=utf-8''%C5%9Eehir%20G%C3%BCn%C3%BC.pdf",
        "48",
        "nosniff",
        CACHE_CONTROL,
    ]
    assert sent["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"Set-Cookie", "Vary"}.isdisjoint(sent.headers)
    head = client.head(address)
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", "48")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = client.get(address, headers={"if-none-match": sent["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", CACHE_CONTROL)
    assert [query for query in queries if '"data"' in query["sql"]] == []
    assert client.post(address).status_code == 405


def test_no_cache_in_between_keeps_what_only_one_readers_condition_brought_about(
    session: Session, client: Client
) -> None:
    file = make_file(session)

    refused = client.get(f"/material/{file.pk}/", headers={"if-match": '"another"'})

    assert (refused.status_code, refused["Cache-Control"]) == (412, "private, no-store")


def test_whatever_is_not_for_everybody_looks_like_nothing(session: Session, client: Client) -> None:
    unreleased = factories.make_session(session.day)
    elsewhere = factories.make_workshop(factories.make_conference(is_current=False)).days.get()
    keys = [
        make_file(session, audience="participants").pk,
        make_file(session, audience="organisers").pk,
        factories.make_material(session).pk,
        make_file(unreleased).pk,
        make_file(factories.make_session(elsewhere)).pk,
        10**40,
    ]
    assert [client.get(f"/material/{key}/").status_code for key in keys] == [404] * 6

    release_programme(conference=session.day.workshop.conference)
    assert client.get(f"/material/{keys[3]}/").status_code == 200


def test_without_a_release_there_is_no_file(event: object, client: Client) -> None:
    material = make_file(Session.objects.get())
    assert client.get(f"/material/{material.pk}/").status_code == 404
    assert page(client, "/en/programme/").count("material") == 0


def test_no_release_keeps_it_and_no_list_reads_the_files(session: Session, client: Client) -> None:
    make_file(session)
    conference = session.day.workshop.conference
    assert to_snapshot(build_programme(conference=conference)) == Release.objects.get().snapshot
    with CaptureQueriesContext(connection) as queries:
        page(client, "/en/programme/")
        list(Material.objects.all())
        list(session.material.all())
        session.delete()
    assert [query["sql"] for query in queries if '"data"' in query["sql"]] == []
    assert Material.objects.count() == 0
