"""The schedule in a real browser: light, still, on every clock, moving on by itself, and there without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.browser.waiting import until
from tests.product import Product, running_product

# The released programme looks the same whatever database it was read from.
pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

MOST_BYTES, MOST_SCRIPT = 100_000, 15_000
# The demo's programme in 2027, with the workshop that had no agenda given one: 60 items in all.
FILL = """
import datetime as dt
from workshops.models import Session, Workshop
from workshops.domain.release import release_programme
from django.core.management import call_command
call_command("load_demo", "--year", "2027", verbosity=0)
day = Workshop.objects.get(slug="informationsveranstaltung").days.get()
day.opens, day.closes = dt.time(9), dt.time(17)
day.save()
for number in range(1, 1 + 60 - Session.objects.count()):
    Session.objects.create(
        day=day, position=number, duration_minutes=15, title_de=f"Ergebnisse aus Gruppe {number}",
        title_tr=f"{number}. grubun sonuçları", title_en=f"Results of group {number}",
        description_de="Zwei Städte berichten, was sie gemeinsam erreicht haben und was sie noch vorhaben.",
    )
release_programme(conference=day.workshop.conference)
print(Session.objects.count())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of its own: what it publishes is nobody else's."""
    with running_product(tmp_path_factory.mktemp("schedule") / "data") as running:
        assert running.manage("shell", "-v", "0", "-c", FILL).split()[-1] == "60"
        yield running


@pytest.fixture
def visitor(chromium: Browser, site: Product, pictures: Path | None) -> Iterator[Visitor]:
    visitor = Visitor(chromium, site, locale="de-DE", viewport=PHONE, pictures=pictures)
    yield visitor
    visitor.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="de-DE", viewport=DESKTOP, timezone_id="Europe/Berlin")  # type: ignore[arg-type]
    yield made
    made.close()


# How little it weighs


def weigh(page: Page) -> dict[str, list[int]]:
    """Bytes over the wire by kind, headers and all, of whatever the page loads from now on."""
    kinds: dict[str, str] = {}
    sizes: dict[str, list[int]] = {}
    wire = page.context.new_cdp_session(page)
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.setdefault(kinds.get(event["requestId"], "Other"), []).append(
            int(event["encodedDataLength"])
        ),
    )
    wire.send("Network.enable")
    return sizes


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_first_view_of_sixty_items_is_light_and_nothing_jumps(
    chromium: Browser, site: Product, viewport: dict[str, int]
) -> None:
    context = chromium.new_context(
        locale="de-DE",
        viewport=viewport,  # type: ignore[arg-type]
        timezone_id="Europe/Berlin",
        service_workers="block",
    )
    page = context.new_page()
    page.add_init_script(
        "window.jumps = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => "
        "window.jumps += entry.value)).observe({type: 'layout-shift', buffered: true});"
    )
    sizes = weigh(page)
    page.goto(f"{site.url}/de/programme/", wait_until="networkidle")
    assert page.locator("tr[id^=session-]").count() == 60
    page.mouse.wheel(0, 4000)
    until(page, "document.fonts.status === 'loaded'")
    assert page.evaluate("window.jumps") == 0
    assert sum(sum(each) for each in sizes.values()) <= MOST_BYTES, sizes
    worker = len(context.request.get(f"{site.url}/service-worker.js").body())
    assert sum(sizes["Script"]) + worker <= MOST_SCRIPT, sizes
    assert len(sizes["Font"]) == 2
    context.close()


# Search, filters, links: also by keyboard and without scripts


def test_search_and_filter_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/tr/programme/")
    page.locator(".filter summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#filter-q")).to_be_focused()
    page.keyboard.type("DİYARBAKIR")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visitor.look("nothing found")
    expect(page.locator(".empty")).to_be_visible()
    page.locator("#filter-q").fill("mannheim")
    visitor.press(".filter button[type=submit]")
    assert page.locator("tr[id^=session-]").count() > 0
    visitor.press(".found a")
    assert page.locator("tr[id^=session-]").count() == 60


def test_a_link_to_one_item_is_copied_said_and_shown(context: BrowserContext, site: Product) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
    page = context.new_page()
    page.goto(f"{site.url}/en/workshops/digitale-stadt/")
    link = page.locator("a.schedule__link").nth(3)
    address = f"{site.url}/en/workshops/digitale-stadt/{link.get_attribute('href')}"
    link.click()
    expect(page.locator("[data-said]")).to_have_text(str(link.get_attribute("data-copied")))
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.goto("about:blank")
    page.goto(address)
    row = page.locator("tr:target")
    expect(row).to_be_in_viewport()
    head = page.locator("thead th").first.bounding_box()
    place = row.bounding_box()
    assert head
    assert place
    assert place["y"] >= head["height"], "the head covers the item"


# Clocks


def test_readers_on_neither_clock_get_their_own_and_can_do_without(chromium: Browser, site: Product) -> None:
    context = chromium.new_context(locale="en-GB", timezone_id="Asia/Kolkata", viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site.url}/en/workshops/digitale-stadt/", wait_until="commit")
    page.wait_for_url("**clock=Asia*")
    row = page.locator("tr[id^=session-]").first
    shown = [re.sub(r"\s", "", cell.inner_text()) for cell in row.locator("th").all()]
    assert shown == ["CET09:30", "TRT10:30", "Mytime13:00"]
    page.locator("[data-no-clock]").first.click()
    page.wait_for_url("**clock=none*")
    page.goto(f"{site.url}/en/programme/")
    page.wait_for_load_state()
    assert page.url == f"{site.url}/en/programme/"
    assert page.locator(".schedule__time--mine").count() == 0
    context.close()


def test_a_clock_is_chosen_by_country_without_scripts(chromium: Browser, site: Product) -> None:
    context = chromium.new_context(locale="tr-TR", java_script_enabled=False, timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{site.url}/tr/programme/")
    assert page.locator(".schedule__time--mine").count() == 0
    page.locator("a[href='/tr/clock/']").click()
    page.locator("select[name=clock]").select_option(label="Birleşik Krallık")
    with page.expect_navigation():
        page.locator("form[data-clock-form] button").click()
    assert page.url == f"{site.url}/tr/programme/?clock=Europe%2FLondon"
    assert page.locator("tbody .schedule__time--mine").count() > 40
    with page.expect_navigation():
        page.locator("article.event h3 a").first.click()
    assert page.url.endswith("?clock=Europe%2FLondon")
    context.close()


# Now and next


def test_now_and_next_moves_by_itself_and_says_so_once(context: BrowserContext, site: Product) -> None:
    page = context.new_page()
    page.clock.install(time="2027-06-15T07:28:00Z")
    page.clock.pause_at("2027-06-15T07:28:40Z")  # however long the page takes to load
    page.goto(f"{site.url}/de/now/")
    now, following = (
        page.locator("[data-moments-list=now] > li"),
        page.locator("[data-moments-list=next] > li"),
    )
    expect(now).to_have_count(0)
    expect(following.first.locator(".moments__count b")).to_have_text("in 2 Minuten")
    first = following.first.locator("h3").inner_text()
    said = page.locator("[data-moments] [role=status]")
    expect(said).to_have_text("")
    page.clock.run_for(60_000)
    expect(following.first.locator(".moments__count b")).to_have_text("in 1 Minute")
    expect(said).to_have_text("")
    page.clock.run_for(30_000)
    expect(now.first.locator("h3")).to_have_text(first)
    expect(now.first.locator(".moments__count b")).to_have_text("in 5 Minuten")
    expect(said).to_contain_text(first)
    assert "TRT10:35" in said.inner_text()
    heard = said.inner_text()
    page.clock.run_for(120_000)
    assert said.inner_text() == heard, "it speaks when something begins or ends, not with every minute"
    page.clock.fast_forward(200 * 60 * 60 * 1000)
    expect(page.locator("[data-moments-over]")).to_be_visible()


# Without a network

PAGES_KEPT = (
    "caches.open('koprue-pages').then(c => c.keys()).then(all => all.map(r => new URL(r.url).pathname))"
)


def until_kept(page: Page, path: str) -> None:
    until(page, f"path => {PAGES_KEPT}.then(all => all.includes(path))", arg=path)


def test_what_was_opened_can_be_read_without_a_network(context: BrowserContext, site: Product) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/de/programme/?workshop=jugendaustausch")
    until_kept(page, "/de/programme/")
    until_kept(page, "/de/offline/")
    page.goto(f"{site.url}/de/programme/")
    until(page, f"{PAGES_KEPT}.then(all => all.filter(p => p === '/de/programme/').length === 2)")
    for path in ("/de/link/", "/de/my/", "/accounts/login/", "/de/workshops/jugendaustausch/"):
        page.goto(f"{site.url}{path}")
    until_kept(page, "/de/workshops/jugendaustausch/")
    kept: list[str] = page.evaluate(PAGES_KEPT)
    assert set(kept) <= {"/de/programme/", "/de/offline/", "/de/workshops/jugendaustausch/"}

    context.set_offline(True)
    page.goto(f"{site.url}/de/programme/?utm_source=mail")
    assert page.locator("tr[id^=session-]").count() == 60
    notice = page.locator("[data-kept-notice]")
    expect(notice).to_be_visible()
    assert re.search(r"\d CET / .*\d TRT", notice.inner_text())
    assert page.evaluate("document.fonts.check('600 16px \"Fira Sans\"')")
    page.goto(f"{site.url}/de/speakers/")
    expect(page.locator("[data-kept-pages] a", has_text="Programm").first).to_be_visible()
    with pytest.raises(Error):
        page.goto(f"{site.url}/de/my/")

    context.set_offline(False)
    page.goto(f"{site.url}/de/programme/")
    expect(page.locator("[data-kept-notice]")).to_be_hidden()


def test_it_can_be_installed(context: BrowserContext, site: Product) -> None:
    page = context.new_page()
    page.goto(f"{site.url}/tr/programme/")
    until_kept(page, "/tr/programme/")
    wire = context.new_cdp_session(page)
    found: dict[str, Any] = wire.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"] == f"{site.url}/tr/manifest.webmanifest"
    assert wire.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )
