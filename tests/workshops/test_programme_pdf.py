"""The printed programme: both clocks, the reader's language, tagged; and it opens nothing but its fonts."""

from __future__ import annotations

import builtins
import datetime as dt
import io
from collections.abc import Mapping, Sequence

import pytest
from django.test import Client
from pypdf import PdfReader

from tests import factories
from workshops.domain.printing import fetcher
from workshops.domain.release import release_programme
from workshops.models import Conference

pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
pytestmark = pytest.mark.django_db


def reader(client: Client, language: str) -> PdfReader:
    response = client.get(f"/programme.pdf?lang={language}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    assert response.headers["Content-Language"] == language
    return PdfReader(io.BytesIO(response.content))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize(
    ("language", "day", "row"),
    [
        ("de", "Montag, 15. Juni 2020", "09:50 10:50 Praxisbeispiel aus der Türkei Harun Yiğit"),
        ("tr", "15 Haziran 2020 Pazartesi", "09:50 10:50 Türkiye’den Uygulama Örneği Harun Yiğit"),
    ],
)
def test_it_shows_every_row_on_both_clocks_in_its_language(
    demo: Conference, client: Client, language: str, day: str, row: str
) -> None:
    pdf = reader(client, language)
    assert day in text(pdf)
    assert row in text(pdf)
    assert "İbrahim Karatüme" in text(pdf)
    assert pdf.root_object["/Lang"] == language
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]
    assert f"2 / {len(pdf.pages)}" in text(pdf)


def test_the_partners_next_day_is_shown(conference: Conference, client: Client) -> None:
    workshop = factories.make_workshop(conference, with_day=False)
    day = factories.make_day(
        workshop, date=dt.date(2020, 6, 15), opens=dt.time(23, 30), closes=dt.time(23, 59)
    )
    factories.make_session(day)
    release_programme(conference=conference)
    assert "23:30 00:30, +1" in text(reader(client, "de"))


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "data:text/plain,x",
        "font:../../../secrets.json",
        "font:/etc/passwd",
        "FiraSans-Regular.woff2",
    ],
)
def test_while_drawing_it_opens_its_fonts_and_nothing_else(address: str) -> None:
    fetch = fetcher()
    assert fetch("font:FiraSans-Regular.woff2").read(4) == b"\x00\x01\x00\x00"
    with pytest.raises(ValueError, match="loads its fonts and nothing else"):
        fetch(address)


def test_where_the_drawing_library_is_missing_a_page_says_so(
    conference: Conference, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = builtins.__import__

    def without_pango(
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return original(name, globals, locals, fromlist, level)

    release_programme(conference=conference)
    monkeypatch.setattr(builtins, "__import__", without_pango)
    response = client.get("/programme.pdf?lang=en")
    assert response.status_code == 503
    assert "PDFs cannot be made here at the moment." in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_an_unknown_language_is_refused(conference: Conference, client: Client) -> None:
    assert client.get("/programme.pdf?lang=fr").status_code == 400


def test_it_is_not_sent_twice(conference: Conference, client: Client) -> None:
    release_programme(conference=conference)
    first = client.get("/programme.pdf")
    assert first.headers["Content-Disposition"] == 'inline; filename="programme-de.pdf"'
    again = client.get("/programme.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
