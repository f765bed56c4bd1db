"""The printed programme: tagged for screen readers, each passage in its language, Turkish letters as they are."""

from __future__ import annotations

import io
import itertools

import page as pdf_rules
import pdfplumber
import pytest
from django.test import Client
from pypdf import PdfReader

from tests import factories
from tests.exports.pdfs import difference, drawn_directly, elements, glyphs, letter_pictures
from workshops.domain.logo import check_logo, keep_logo
from workshops.domain.printing import FONTS, printed, unpacked_font
from workshops.domain.release import release_programme
from workshops.models import Conference, Session

pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
pytestmark = pytest.mark.django_db
LETTERS = "İIıiŞSşsĞGğgÇçÖöÜüßÄä"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3" fill="#c00"/></svg>'


def made(client: Client, language: str) -> bytes:
    response = client.get(f"/programme.pdf?lang={language}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    return response.content


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.sqlite
@pytest.mark.parametrize("language", ["tr", "both"])
def test_it_follows_the_rules_for_accessible_pdfs(demo: Conference, client: Client, language: str) -> None:
    keep_logo(conference=demo, file_name="logo.svg", checked=check_logo(data=SVG))
    demo.logo_alt_de, demo.logo_alt_tr = "Zwei Brücken", "İki köprü"
    demo.save()
    pdf = made(client, language)

    report = pdf_rules.validate_pdf_bytes(pdf)
    assert report.profile == pdf_rules.ValidationProfile.PDF_UA_1
    assert [failure.message for failure in report.failures] == []
    found = PdfReader(io.BytesIO(pdf))
    assert [str(e["/Alt"]) for e in elements(found) if e["/S"] == "/Figure"] == [
        "İki köprü" if language == "tr" else "Zwei Brücken"
    ]
    assert 0 not in glyphs(found)


@pytest.mark.sqlite
def test_german_and_turkish_stand_side_by_side_each_marked_as_what_it_is(
    demo: Conference, client: Client
) -> None:
    pdf = made(client, "both")
    found = PdfReader(io.BytesIO(pdf))
    rows = Session.objects.count()

    assert found.root_object["/Lang"] == "de"
    cells = [str(e["/Lang"]) for e in elements(found) if e["/S"] == "/TD"]
    assert cells == ["de", "tr"] * rows
    heads = [str(e["/Lang"]) for e in elements(found) if e["/S"] == "/TH" and "/Lang" in e]
    assert heads == ["de", "tr"] * 6
    text = " ".join(pages(pdf))
    assert "09:50 10:50 Praxisbeispiel aus der Türkei (15 Min.)" in text
    assert "Türkiye’den Uygulama Örneği (15 dk.)" in text
    assert "Montag, 15. Juni 2020 15 Haziran 2020 Pazartesi" in text
    [conference] = [entry for entry in found.outline if not isinstance(entry, list)]
    assert conference.title == f"{demo.name_de} / {demo.name_tr}"
    [days] = [
        [e.title for e in entry if not isinstance(e, list)]
        for entry in found.outline
        if isinstance(entry, list)
    ]
    assert days[2] == "Montag, 15. Juni 2020 / 15 Haziran 2020 Pazartesi"


@pytest.mark.sqlite
def test_a_text_that_stands_in_for_a_missing_one_is_marked(released: Conference, client: Client) -> None:
    found = PdfReader(io.BytesIO(made(client, "en")))
    assert found.root_object["/Lang"] == "en"
    # The session has no English title.
    assert {(e["/S"], str(e["/Lang"])) for e in elements(found) if "/Lang" in e} == {("/Span", "de")}


@pytest.mark.sqlite
def test_a_row_stands_on_one_page_and_each_page_says_what_it_is(
    conference: Conference, client: Client
) -> None:
    day = factories.make_day(factories.make_workshop(conference, with_day=False, title_de="Fach"))
    long = "\n\n".join(f"Zeile {line}." for line in range(9))
    for number in range(12):
        factories.make_session(
            day, title_de=f"Anfang{number}x", description_de=f"{long}\n\nEnde{number}x", position=number
        )
    release_programme(conference=conference)
    found = pages(made(client, "de"))

    assert len(found) > 3
    for number in range(12):
        first, last = ([f"{word}{number}x" in page for page in found] for word in ("Anfang", "Ende"))
        assert (first, first.count(True)) == (last, 1)
    assert ["CET TRT" in page for page in found[:-1]] == [True] * (len(found) - 1)
    assert ["Testkonferenz · " in page for page in found] == [False] + [True] * (len(found) - 1)
    assert [f"{number} / {len(found)}" in page for number, page in enumerate(found, 1)] == [True] * len(found)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("font", "style"), list(zip(FONTS, ["400", "600", "400; font-style: italic"], strict=True))
)
def test_turkish_letters_are_drawn_as_the_font_draws_them(font: str, style: str) -> None:
    faces = "".join(
        f'@font-face {{font-family: F; src: url("font:{name}"); font-weight: {"600" if "Semi" in name else "400"};'
        f" font-style: {'italic' if 'Italic' in name else 'normal'}}}"
        for name in FONTS
    )
    html = (
        f"<html lang=tr><title>x</title><style>{faces} @page {{size: 1700pt 120pt}}"
        f" p {{font: 40pt F; letter-spacing: 20pt; font-weight: {style}}}</style><p>{LETTERS}</p>"
    )
    pdf = printed(html=html)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        chars = opened.pages[0].chars
    assert "".join(char["text"] for char in chars) == LETTERS
    assert 0 not in glyphs(PdfReader(io.BytesIO(pdf)))

    own = {letter: drawn_directly(letter, font=unpacked_font(font), points=40) for letter in LETTERS}
    edges = [char["x0"] - 6 for char in chars] + [chars[-1]["x0"] + 50]
    pictures = letter_pictures(pdf, list(itertools.pairwise(edges)))
    seen = [min(own, key=lambda letter: difference(picture, own[letter])) for picture in pictures]
    assert "".join(seen) == LETTERS
    assert (
        max(difference(picture, own[letter]) for picture, letter in zip(pictures, LETTERS, strict=True)) < 40
    )


def test_another_logo_makes_another_pdf(released: Conference, client: Client) -> None:
    tags = [client.get("/programme.pdf").headers["ETag"]]
    keep_logo(conference=released, file_name="logo.svg", checked=check_logo(data=SVG))
    tags.append(client.get("/programme.pdf").headers["ETag"])
    Conference.objects.update(logo_alt_de="Zwei Brücken")
    tags.append(client.get("/programme.pdf").headers["ETag"])
    assert len(set(tags)) == 3
