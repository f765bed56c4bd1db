"""The start page and the programme's last steps: every number leads to what it counts; a release reaches the public."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUGS = {"de": "nachhaltige-stadtentwicklung", "tr": "schutzfunktion-der-kommunen"}
NUMBERS = (
    "active",
    "to-decide",
    "waiting",
    "listening",
    "invited",
    "answered",
    "declined",
    "bounced",
    "failed",
)


def number_in(link: Locator) -> int:
    """Of “3 of 30 places” the first; in Turkish it stands last. What follows the colon is for screen readers."""
    return min(int(number) for number in re.findall(r"\d+", link.inner_text().split(":")[0]))


def test_every_number_of_the_start_page_leads_to_the_list_it_counts(desk: Desk) -> None:
    mark, slug = f"start-{desk.language}", SLUGS[desk.language]
    for state, count in {"confirmed": 3, "listener": 2, "requested": 2, "cancelled": 1}.items():
        desk.invent(
            "enter", "--workshop", slug, "--state", state, "--count", str(count), "--mark", f"{state}.{mark}"
        )
    key, _name = desk.workshop(slug)
    desk.go("/admin/")
    links = {each: desk.page.locator(f"[data-key='{each}-{key}']") for each in NUMBERS}
    counted = {each: number_in(link) for each, link in links.items()}
    lists = {each: link.get_attribute("href") or "" for each, link in links.items()}
    # Further walks of this language invite into the same workshop.
    assert counted["active"] >= 3
    assert counted["to-decide"] >= 2

    shown = {}
    for each in NUMBERS:
        desk.go(lists[each])
        shown[each] = desk.rows().count()
    assert shown == counted
    figures(desk, key)


def figures(desk: Desk, key: int) -> None:
    """The chart is drawn by the server, and its table says the same."""
    page, words = desk.page, desk.words
    desk.go("/admin/")
    desk.follow(desk.link(words("Figures and charts")).and_(page.locator(f"[href$='/figures/{key}/']")))
    page.get_by_text(words("The same as a table")).click()
    desk.look("figures")
    table = page.get_by_role("region", name=words("Registrations over time, as a table"))
    by_day = [number_in(link) for link in table.get_by_role("link").all()]
    begins = table.locator("tbody th").all_inner_texts()
    total = re.search(r"\d+", page.locator("#chart-summary").inner_text())
    assert total
    assert sum(by_day) == int(total[0])
    assert page.locator(".chart rect").count() == len(by_day) == len(begins)
    assert [text for text in begins if not ("CET" in text and "TRT" in text)] == []


def test_from_the_check_to_the_release(desk: Desk) -> None:
    page, words = desk.page, desk.words
    note = {"de": "Eine Frist wurde geändert.", "tr": "Bir süre değiştirildi."}[desk.language]
    desk.go("/admin/")
    steps = page.get_by_role("navigation", name=words("From the draft to the public programme"))
    places = [link.get_attribute("href") or "" for link in steps.get_by_role("link").all()]
    for place in places:
        desk.go(place)
    assert desk.button(words("Release now")).count() == 1
    page.locator(f"[name=note_{desk.language}]").fill(note)
    desk.follow(desk.button(words("Release now")))

    desk.go(f"/{desk.language}/programme/")
    desk.go(f"/{desk.language}/changes/")
    assert note in desk.text()
