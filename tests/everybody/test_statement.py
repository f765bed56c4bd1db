"""The accessibility statement, easy language and sign language: what the hosts give, and nothing in its place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tests.workshops.html import parse, text
from workshops.domain.differences import differences
from workshops.domain.release import programme_of_release, release_programme
from workshops.domain.restore_release import restore_release
from workshops.domain.snapshot import from_snapshot
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db
DGS = "https://videos.example.org/dgs"
NO_BODY = "The hosts have named no conciliation body for this site."


def release(conference: Conference, **values: Any) -> None:
    for name, value in values.items():
        setattr(conference, name, value)
    conference.save()
    release_programme(conference=conference)


def page(client: Client, path: str, language: str = "en") -> str:
    response = client.get(f"/{language}/{path}")
    assert response.status_code == 200
    return response.content.decode()


def words(client: Client, path: str, language: str = "en") -> str:
    return text(parse(page(client, path, language).encode()))


def test_without_a_conciliation_body_it_says_whom_to_ask(released: Conference, client: Client) -> None:
    said = page(client, "accessibility/")
    assert (NO_BODY in said, said.count("mailto:hosts@example.org")) == (True, 3)


def test_it_names_the_conciliation_body_the_limits_and_the_dates(
    released: Conference, client: Client
) -> None:
    release(
        released,
        conciliation_name_de="Schlichtungsstelle des Landes",
        conciliation_website="https://schlichtung.example.org/",
        accessibility_limits_en="Slides of the first day are **pictures**.",
        statement_written_on=dt.date(2026, 3, 1),
        statement_reviewed_on=dt.date(2026, 5, 2),
    )
    said = page(client, "accessibility/")
    body = '<span lang="de">Schlichtungsstelle des Landes</span>'
    link = f'<a href="https://schlichtung.example.org/" rel="noopener noreferrer">{body}</a>'
    assert [
        part in said for part in (NO_BODY, link, "Slides of the first day are <strong>pictures</strong>.")
    ] == [
        False,
        True,
        True,
    ]
    assert "written on 1 March 2026 and last reviewed on 2 May 2026" in said


def test_a_review_before_the_statement_is_refused(conference: Conference) -> None:
    conference.statement_written_on = dt.date(2026, 5, 2)
    conference.statement_reviewed_on = dt.date(2026, 5, 1)
    with pytest.raises(ValidationError, match="reviewed before it was written"):
        conference.validate_constraints()


def test_easy_language_is_linked_only_where_there_is_a_text(released: Conference, client: Client) -> None:
    pages = ("", "programme/", "workshops/eins/", "speakers/", "accessibility/", "imprint/", "link/")
    assert [path for path in pages if "/de/easy/" in page(client, path, "de")] == []
    assert client.get("/de/easy/").status_code == 404

    release(released, easy_language_de="# Hallo\n\nEin Satz.\nNoch ein Satz.")

    assert [path for path in pages if "/de/easy/" not in page(client, path, "de")] == []
    # The accessibility statement names it in every language.
    assert [path for path in pages if "/tr/easy/" in page(client, path, "tr")] == ["accessibility/"]
    assert "<h2>Hallo</h2>\n<p>Ein Satz.<br>\nNoch ein Satz.</p>" in page(client, "easy/", "de")
    other = page(client, "easy/", "tr")
    assert ("Ein Satz" in other, '<a href="/de/easy/" lang="de" hreflang="de">Deutsch</a>' in other) == (
        False,
        True,
    )
    assert "/de/easy/" in client.get("/sitemap.xml").content.decode()


def test_a_sign_video_is_a_link_that_says_where_it_leads(released: Conference, client: Client) -> None:
    Workshop.objects.update(sign_video_tr="https://film.example.com/tid")
    release(released, sign_video_de=DGS)
    for path, url, said in (
        ("", DGS, "Video in German Sign Language (DGS) (opens videos.example.org)"),
        (
            "workshops/eins/",
            "https://film.example.com/tid",
            "Video in Turkish Sign Language (TİD) (opens film.example.com)",
        ),
    ):
        found = page(client, path)
        assert (
            f'href="{url}" rel="noopener noreferrer"' in found,
            "<iframe" in found,
            "<video" in found,
        ) == (True, False, False)
        assert said in words(client, path)
    statement = page(client, "accessibility/")
    assert ("There is no information in sign language." in statement, DGS in statement) == (False, True)


def test_an_address_that_runs_a_script_is_no_video(conference: Conference) -> None:
    conference.sign_video_de = "javascript:alert(1)"
    with pytest.raises(ValidationError) as refused:
        conference.clean_fields()
    assert list(refused.value.message_dict) == ["sign_video_de"]


def test_a_release_keeps_them_tells_of_them_and_brings_them_back(released: Conference) -> None:
    first = released.releases.get()
    Workshop.objects.update(sign_video_tr="https://film.example.com/tid")
    release(
        released,
        easy_language_de="Ein Satz.",
        sign_video_de=DGS,
        conciliation_website="https://schlichtung.example.org/",
        statement_reviewed_on=dt.date(2026, 5, 2),
    )
    second = released.releases.order_by("-number")[0]
    old, new = (programme_of_release(release=entry) for entry in (first, second))
    assert from_snapshot(second.snapshot).conference == new.conference
    found = differences(before=old, after=new)
    assert [(item.code.value, item.fields) for item in found] == [
        ("statement-changed", ()),
        ("text-changed", ("easy_language", "sign_video")),
        ("text-changed", ("sign_video",)),
    ]

    restore_release(release=first, by=None)

    released.refresh_from_db()
    workshop = Workshop.objects.get()
    assert (released.easy_language_de or "", released.sign_video_de, released.statement_reviewed_on) == (
        "",
        "",
        None,
    )
    assert (released.conciliation_website, workshop.sign_video_tr) == ("", "")


def test_a_release_of_before_these_fields_is_still_read(released: Conference) -> None:
    snapshot = released.releases.get().snapshot
    before = from_snapshot(snapshot)
    for name in (
        "easy_language",
        "sign_video",
        "conciliation_website",
        "statement_written_on",
        "conciliation_name",
    ):
        del snapshot["conference"][name]
    del snapshot["workshops"][0]["sign_video"]
    assert from_snapshot(snapshot) == before
