"""Deciding with the keyboard alone, and the start page while it stays open, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page

from registration.models import Registration
from tests.admin.test_in_the_browser import chromium, refused
from tests.browser.barriers import barriers
from tests.browser.waiting import until
from tests.world import World, register

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
__all__ = ["chromium"]
LIST = reverse("admin:registration_registration_deciding")


@pytest.fixture
def page(world: World, sign_in: Any, live_server: Any, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        locale="en-GB", viewport={"width": 390, "height": 844}, base_url=live_server.url
    )
    cookie = sign_in(world.member).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    """Goes on with the keyboard until an element has the focus."""
    for _step in range(120):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def without_barriers(page: Page, complaints: list[str]) -> None:
    """What the pages' own policy refused is looked at first: axe brings styles of its own."""
    assert complaints == []
    assert barriers(page) == []
    complaints.clear()


def statuses(*rows: Registration) -> list[str]:
    found = Registration.objects.filter(pk__in=[row.pk for row in rows])
    return list(found.order_by("pk").values_list("status", flat=True))


def test_two_people_are_declined_and_that_is_undone_with_the_keyboard_alone(world: World, page: Page) -> None:
    Registration.objects.all().delete()
    rows = [register(world.own), register(world.own)]
    complaints = refused(page)
    page.goto(LIST)
    for row in rows:
        press_until(page, f"input.action-select[value='{row.pk}']")
        page.keyboard.press("Space")
    press_until(page, ".deciding-actions button[value='3']", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bulk-summary:focus")
    without_barriers(page, complaints)
    press_until(page, "textarea[name='note']")
    page.keyboard.type("No more places.")
    assert statuses(*rows) == ["requested", "requested"]
    press_until(page, ".submit-row input.default")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bulk-undo")
    page.wait_for_selector(".bulk-summary:focus")
    assert "Done for 2 rows." in page.inner_text(".bulk-summary")
    assert statuses(*rows) == ["declined", "declined"]
    without_barriers(page, complaints)
    press_until(page, ".bulk-undo button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".bulk-undo", state="detached")
    page.wait_for_selector(".bulk-summary:focus")
    assert statuses(*rows) == ["requested", "requested"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []


@pytest.mark.parametrize(
    "address", ["admin:index", "admin:figures", "admin:registration_registration_deciding"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_barriers(world: World, page: Page, address: str, scheme: Any) -> None:
    register(world.own, status="confirmed")
    complaints = refused(page)
    page.emulate_media(color_scheme=scheme)
    page.goto(reverse(address, args=[world.own.pk] if address == "admin:figures" else []))
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert barriers(page) == []


def test_the_start_page_renews_its_numbers_and_says_once_what_changed(world: World, page: Page) -> None:
    register(world.own)
    complaints = refused(page)
    page.goto(reverse("admin:index"))
    key = f"to-decide-{world.own.pk}"
    number = page.locator(f"[data-key='{key}']")
    assert number.inner_text().startswith("2 to decide")
    number.focus()
    register(world.own)
    with page.expect_response("**/admin/overview/"):
        page.clock.run_for(61_000)
    until(page, "document.getElementById('live-said').textContent !== ''")
    assert number.inner_text().startswith("3 to decide")
    assert f"3 to decide: {world.own}" in page.inner_text("#live-said")
    assert page.evaluate("document.activeElement.dataset.key") == key
    assert not page.locator(".live-news").is_visible()
    # Somebody is offered a place: that would be a new line, under the hand of whoever is about to click.
    register(world.own, status="waitlisted", offered_until="2099-01-01T00:00Z")
    with page.expect_response("**/admin/overview/"):
        page.clock.run_for(61_000)
    page.wait_for_selector(".live-news", state="visible")
    assert complaints == []


def test_a_page_that_nobody_looks_at_asks_for_nothing(world: World, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "overview/" in request.url else None)
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true });")
    page.goto(reverse("admin:index"))
    page.clock.run_for(200_000)
    assert [url for url in asked if url.endswith("/admin/overview/")] == []
