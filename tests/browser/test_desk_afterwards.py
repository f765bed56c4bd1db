"""What is printed before and known afterwards: lists and run sheets, the platform's report, certificates as a ZIP."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pypdf
import pytest

from scripts.invented import Person, people
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUGS = {"de": "informationsveranstaltung", "tr": "oberbuergermeister-roundtable"}
TITLES = {"de": ["Name", "E-Mail", "Dauer (Minuten)"], "tr": ["Ad Soyad", "E-posta", "Süre (dakika)"]}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def document(desk: Desk, workshop: int, kind: str, form: str) -> bytes:
    """Asked for, watched, downloaded."""
    page, words = desk.page, desk.words
    desk.go("/admin/registration/document/add/")
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator(f"input[name=format][value={form}]").check()
    page.locator("select[name=workshop]").select_option(str(workshop))
    desk.follow(desk.button(words("Make the document")))
    ready = desk.button(words("Download"))
    desk.until(lambda: ready.count() == 1, f"the document “{kind}”")
    desk.look(kind)
    name, content = desk.download(ready)
    assert name.endswith(f".{form}")
    return content


def test_from_the_list_of_participants_to_the_certificates(desk: Desk) -> None:
    mark, slug = f"after.{desk.language}", SLUGS[desk.language]
    desk.invent("enter", "--workshop", slug, "--state", "confirmed", "--count", "4", "--mark", mark)
    guests = people(4, mark=mark)
    key, _name = desk.workshop(slug)
    listed = text_of(document(desk, key, "participants", "pdf"))
    assert [guest.name for guest in guests if guest.last_name not in listed] == []
    sheet = openpyxl.load_workbook(io.BytesIO(document(desk, key, "run_sheet", "xlsx")))
    cells = [str(cell) for page in sheet for row in page.iter_rows(values_only=True) for cell in row if cell]
    assert any("CET" in cell for cell in cells)
    assert any("TRT" in cell for cell in cells)

    desk.invent("over", "--workshop", slug)
    attendance(desk, key, guests)
    with zipfile.ZipFile(io.BytesIO(document(desk, key, "certificates", "zip"))) as archive:
        papers = [text_of(archive.read(paper)) for paper in archive.namelist()]
    assert sorted(guest.name for guest in guests for text in papers if guest.name in text) == sorted(
        [guests[0].name, guests[1].name]
    )


def attendance(desk: Desk, workshop: int, guests: list[Person]) -> None:
    """Two by their address, one whose name alone is the same and is left unticked, one whom nobody knows."""
    page, words = desk.page, desk.words
    first, second, third, _absent = guests
    file = io.StringIO()
    csv.writer(file).writerows(
        [
            TITLES[desk.language],
            [first.name, first.email, "240"],
            [second.name, second.email, "240"],
            [third.name, "", "240"],
            ["Kimse Niemand", "kimse@nobody.example", "90"],
        ]
    )
    desk.go("/admin/registration/attendance/")
    desk.go(f"/admin/attendance/workshop/{workshop}/")
    desk.follow(page.locator("#reports + .steps a").first)
    report = {"name": "report.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}
    page.locator("input[type=file]").set_input_files(report)  # type: ignore[arg-type]
    desk.follow(desk.button(words("Look at it")))
    found = words.many(
        "%(number)s person was found by address or code.",
        "%(number)s people were found by address or code.",
        2,
    )
    assert found in desk.text()
    assert page.locator("input[name=same]").count() == 1
    assert "Kimse Niemand" in desk.text()
    desk.follow(desk.button(words("Keep who was there")))
    desk.go(f"/admin/attendance/workshop/{workshop}/?there=yes")
    names = [text.split("\n")[0] for text in page.locator(".list-rows tbody th").all_inner_texts()]
    assert [guest.name for guest in guests if any(guest.name in name for name in names)] == [
        first.name,
        second.name,
    ]
