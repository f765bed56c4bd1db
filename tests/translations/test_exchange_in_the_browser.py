"""A file goes out and comes back in a real Chromium: no barrier axe can find, no sideways scrolling."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.admin.test_in_the_browser import chromium, refused
from tests.browser.barriers import barriers
from tests.translations.test_exchange_page import URL, translated
from tests.world import World, session_of

__all__ = ["chromium"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
LONG = "Kommunale Partnerschaften und nachhaltige Stadtentwicklung " * 4


def prepare(world: World) -> None:
    """Something new, something to look at twice, something that cannot be taken."""
    session = session_of(world.own)
    session.title_de, session.title_tr = "Begrüßung und Einführung", ""
    session.description_de, session.description_tr = f"- {LONG}\n- [Plan](https://a.example/)", "Eski metin"
    session.save()


def returned(data: bytes, world: World) -> bytes:
    """Translated; the source of one text changes meanwhile, and one text is of nobody."""
    session = session_of(world.own)
    session.description_de += " (neu)"
    session.save()
    text = translated(data, session, "Açılış").decode()
    text = text.replace("Eski metin", LONG.replace("Kommunale", "Belediye"))
    unknown = (
        '<trans-unit id="workshops.session.987654.title"><source>a</source><target>b</target></trans-unit>'
    )
    return text.replace("</body>", f"{unknown}</body>").encode()


def looked_at(page: Page, width: int, name: str) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/{name}.png", full_page=True)
    assert barriers(page) == []


@pytest.mark.parametrize("screen", [("de-DE", 1280, "light"), ("tr-TR", 320, "dark")])
def test_a_file_goes_out_and_comes_back(
    world: World,
    sign_in: Any,
    live_server: Any,
    chromium: Browser,
    screen: tuple[str, int, Any],
) -> None:
    language, width, scheme = screen
    prepare(world)
    context = chromium.new_context(
        locale=language, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    cookie = sign_in(world.lead).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    complaints = refused(page)
    page.goto(f"{live_server.url}{URL}")
    looked_at(page, width, f"form-{width}")
    page.check('input[name="which"][value="all"]')
    with page.expect_download() as download:
        page.click('form[method="get"] button')
    assert download.value.suggested_filename.endswith(".xlf")
    back = returned(Path(download.value.path()).read_bytes(), world)
    file = {"name": "back.xlf", "mimeType": "application/xliff+xml", "buffer": back}
    page.set_input_files('input[type="file"]', file)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.click("form[enctype] button")
    looked_at(page, width, f"preview-{width}")
    boxes = page.locator('input[name="row"]')
    assert [boxes.nth(number).is_checked() for number in range(boxes.count())] == [True, False]
    with page.expect_navigation():
        page.click('input[type="submit"].default')
    looked_at(page, width, f"result-{width}")
    session = session_of(world.own)
    assert (session.title_tr, session.description_tr) == ("Açılış", "Eski metin")
    assert complaints == []
    context.close()
