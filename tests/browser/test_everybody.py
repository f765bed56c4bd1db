"""Nobody is left out: every page in every state, in each language, on every kind of screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests import factories
from tests.admin.test_in_the_browser import chromium
from tests.browser.barriers import barriers
from tests.browser.test_own_page import browse
from tests.everybody.states import NOTHING_RELEASED, PUBLIC, State, personal, prepare
from tests.registration_pages.helpers import Visitor, visit
from tests.registration_pages.test_waiting_room import day, visitor
from workshops.models import Conference, Release, WorkshopDay

__all__ = ["chromium", "day", "visitor"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

# All of axe's rules, those of good practice among them, and the one of WCAG 2.2 that has to be asked for.
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
COLOURS = ["color-contrast", "link-in-text-block"]
NARROW, HALF, WIDE = ({"width": width, "height": 800} for width in (320, 640, 1280))
# What can be reached with the Tab key and looks the same when it has been: it, or the label around it.
UNSEEN = """() => {
  const looks = element => [element, element.closest('label')].filter(Boolean).map(node => {
    const style = getComputedStyle(node);
    const outline = style.outlineStyle === 'none' || style.outlineColor === 'rgba(0, 0, 0, 0)'
      ? '' : style.outlineWidth + style.outlineColor;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
  }).join();
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(element => !element.disabled && element.checkVisibility({visibilityProperty: true}))
    .filter(element => {
      document.activeElement.blur();
      const before = looks(element);
      element.focus();
      return document.activeElement === element && looks(element) === before;
    })
    .map(element => element.outerHTML.slice(0, 200));
}"""
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def looked_at(page: Page, *, colours: bool = True) -> list[tuple[str, Any]]:
    """What is wrong with the page as it stands, on each kind of screen. It ends up wide and light again."""
    found = [*what_words_change(page), *(what_words_leave_as_it_is(page) if colours else ())]
    return [(screen, wrong) for screen, wrong in found if wrong]


def what_words_change(page: Page) -> Iterator[tuple[str, Any]]:
    yield "light", barriers(page, iframes=False, **EVERYTHING)
    page.set_viewport_size(HALF)  # what 200 % leaves of a screen 1280 wide
    yield "200 %", max(0, page.evaluate(STICKS_OUT))
    page.set_viewport_size(NARROW)
    yield "320 px", max(0, page.evaluate(STICKS_OUT))
    targets = ["target-size", "scrollable-region-focusable"]
    yield "320 px, targets", barriers(page, iframes=False, runOnly=targets)
    page.set_viewport_size(WIDE)


def what_words_leave_as_it_is(page: Page) -> Iterator[tuple[str, Any]]:
    """Colours, and where the focus is: one language shows those of all."""
    page.emulate_media(color_scheme="dark")
    yield "dark", barriers(page, iframes=False, runOnly=COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="active")
    yield "forced colours", barriers(page, iframes=False, runOnly=COLOURS)
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.keyboard.press("Tab")
    yield "focus", page.evaluate(UNSEEN)


def walk(page: Page, states: Iterable[State], language: str) -> list[tuple[str, str, Any]]:
    wrong: list[tuple[str, str, Any]] = []
    for state in states:
        if (status := state.open(page, language)) != state.status:
            wrong.append((f"{language} {state.name}", "status", status))
        assert page.locator("html").get_attribute("lang") == language
        found = looked_at(page, colours=language == "de")
        wrong += [(f"{language} {state.name}", screen, what) for screen, what in found]
    return wrong


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_no_page_in_no_state_leaves_anybody_out(  # noqa: PLR0917 (fixtures)
    visitor: Visitor, day: WorkshopDay, live_server: Any, chromium: Browser, settings: Any, language: str
) -> None:
    settings.ROOT_URLCONF = "tests.everybody.urls"
    conference: Conference = day.workshop.conference
    prepare(conference, visitor, day)
    newcomer = visit(factories.make_participant(conference, first_name="", last_name="", organisation=""))
    screen: dict[str, Any] = {"viewport": WIDE, "color_scheme": "light", "reduced_motion": "reduce"}
    own, new = (browse(chromium, live_server, one, **screen) for one in (visitor, newcomer))
    stranger = chromium.new_context(base_url=live_server.url, **screen).new_page()

    wrong = walk(stranger, PUBLIC, language)
    wrong += walk(own, personal(visitor, day), language)
    first = [
        State("no registration yet", "my/"),
        State("registering", "register/"),
        State("registering with errors", "register/", then="form.form [type=submit]"),
    ]
    wrong += walk(new, first, language)
    Release.objects.all().delete()
    wrong += walk(stranger, NOTHING_RELEASED[:2], language)

    assert wrong == []


LEFT_OUT = """<!doctype html><html lang="de"><title>Seite</title>
<style>
  a { outline: none; color: #777; display: inline-block; width: 700px }
  button { width: 9px; height: 9px; padding: 0; margin: 0 }
  @media (prefers-color-scheme: dark) { body { background: #444; color: #555 } }
</style>
<main><h1>Seite</h1><p>Ein Satz.</p><a href="#x">Weiter</a>
<button aria-label="Eins"></button><button></button></main>"""


def test_the_walk_would_see_it(chromium: Browser) -> None:
    page = chromium.new_page(viewport=WIDE)
    page.set_content(LEFT_OUT)
    seen = {
        screen: [rule for rule, _ in found] if isinstance(found, list) and screen != "focus" else bool(found)
        for screen, found in looked_at(page)
    }
    assert seen == {
        "light": ["button-name", "color-contrast", "target-size"],
        "dark": ["color-contrast"],
        "forced colours": ["color-contrast"],
        "focus": True,
        "200 %": True,
        "320 px": True,
        "320 px, targets": ["target-size"],
    }
