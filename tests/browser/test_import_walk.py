"""From a draft to the programme and back, through a real browser: upload, wait, look, pick, apply, undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_whole_way import sign_in
from tests.browser.visitor import PHONE, Visitor
from tests.product import Product

pytestmark = pytest.mark.browser

DRAFT = """VORKONFERENZ 15.-18. JUNI 2020

XYZZY

Fachworkshop 1: Digitale Stadt

15. Juni 2020, 09:30-11:30 Uhr (deutscher Zeit, CET) / 10:30-12:30 Uhr (türkischer Zeit, TRT)

Zeit\tProgrammpunkt\tRedner/in\tDauer
09:30\tKonya macht es vor\tHarun Yiğit, Stadt Konya\t20 Min.
"""


@pytest.fixture
def organiser(chromium: Browser, product: Product, pictures: Path | None) -> Iterator[Visitor]:
    visitor = Visitor(chromium, product, locale="tr-TR", viewport=PHONE, pictures=pictures)
    visitor.page.emulate_media(color_scheme="dark")
    yield visitor
    visitor.close()


def upload(organiser: Visitor, name: str, data: bytes) -> None:
    """The page that says how far it is loads itself anew until the draft is read."""
    organiser.go("/admin/workshops/draftimport/add/")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    organiser.page.locator("input[name=upload]").set_input_files(file)  # type: ignore[arg-type]
    organiser.page.locator("input[name=_save]").click()


def test_from_the_draft_to_the_programme_and_back(organiser: Visitor) -> None:
    page = organiser.page
    sign_in(organiser)

    upload(organiser, "kaputt.pdf", b"%PDF-1.4\nbroken")
    expect(page.locator(".errornote")).to_be_visible()
    organiser.look("failed")
    assert "PDF" in organiser.text()

    upload(organiser, "Entwurf.txt", DRAFT.encode())
    expect(page.locator("form.picking")).to_be_visible()
    organiser.look("preview")
    assert page.locator(".unread-lines li").all_inner_texts()[0].endswith("XYZZY")
    assert page.locator("input[name=picked][value^=removed]:checked").count() == 0

    pick_by_keyboard(organiser, "Konya macht es vor")
    organiser.press("form.picking input[type=submit]")
    assert "Konya macht es vor" in organiser.text()

    organiser.press("a[href$='/undo/']")
    organiser.press("#content-main form button[type=submit]")
    assert page.locator("a[href$='/undo/']").count() == 0
    organiser.go("/admin/workshops/draftimport/")
    assert "Entwurf.txt" in organiser.text()


def pick_by_keyboard(organiser: Visitor, words: str) -> None:
    """Nothing but the first change that holds the words."""
    page = organiser.page
    for button in page.locator("[data-pick=none]").all():
        button.press("Enter")
    picked = page.locator("input[name=picked]:checked")
    while picked.count():
        picked.first.press("Space")
    page.locator(".change", has_text=words).locator("input[name=picked]").first.press("Space")
    assert picked.count() == 1
