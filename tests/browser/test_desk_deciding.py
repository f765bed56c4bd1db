"""Deciding on many at once, by mouse and by keyboard: every step says first what it will do, and can be undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scripts.invented import Person, people
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUG = "jugendaustausch"
REASON = {
    "de": "Wir haben aus Ihrer Stadt schon zwei Zusagen.",
    "tr": "Şehrinizden şimdiden iki kişi katılıyor.",
}


def test_who_waits_is_narrowed_down_confirmed_undone_declined_and_moved_to_listening(desk: Desk) -> None:
    mark = f"wait.{desk.language}"
    waiting = people(6, mark=mark)
    desk.invent("enter", "--workshop", SLUG, "--count", "6", "--mark", mark)
    narrow_down(desk, mark)
    by_keyboard_confirmed_and_undone(desk, waiting[0], mark)
    decline(desk, waiting[1:3], mark)
    listen(desk, waiting[3:4], mark)
    search(desk, mark)
    assert [each.name for each in waiting if each.name in states(desk)] == [
        waiting[0].name,
        waiting[4].name,
        waiting[5].name,
    ]
    for each in waiting[1:3]:
        assert REASON[desk.language] in desk.arrived(each.email)[0]


def search(desk: Desk, mark: str) -> None:
    desk.go(f"/admin/registration/registration/deciding/?q={mark}")


def states(desk: Desk) -> dict[str, str]:
    """Of everybody in the list."""
    return {
        row.locator(".field-person a").inner_text().split("\n")[0]: row.locator(".field-state").inner_text()
        for row in desk.rows().all()
    }


def narrow_down(desk: Desk, mark: str) -> None:
    page, words = desk.page, desk.words
    key, name = desk.workshop(SLUG)
    desk.go("/admin/")
    desk.follow(page.locator(".overview-actions").get_by_role("link", name=words("Decide")))
    page.locator("#searchbar").fill(mark)
    desk.follow(desk.button(words("Search")))
    assert desk.rows().count() == 6
    filters = page.locator("#changelist-filter")
    desk.follow(filters.get_by_role("link", name=name, exact=True))
    assert f"workshop__id__exact={key}" in page.url
    desk.follow(filters.get_by_role("link", name=words("today"), exact=True))
    desk.follow(filters.locator("a[href*='country=TR']"))
    turkish = [each for each in people(6) if each.country == "TR"]
    assert desk.rows().count() == len(turkish)
    town = turkish[0].organisation
    desk.follow(filters.get_by_role("link", name=town, exact=True))
    assert desk.rows().count() == sum(each.organisation == town for each in turkish)


def tick(desk: Desk, chosen: list[Person]) -> None:
    for each in chosen:
        desk.page.locator("#result_list tr", has_text=each.email).locator("input.action-select").check()


def sure(desk: Desk, label: str, count: int) -> None:
    """The page before anything is done; its button names the step and how many."""
    will = desk.words.many("Will be done for %(number)s row.", "Will be done for %(number)s rows.", count)
    assert will in desk.text()
    desk.follow(desk.button(f"{label} ({count})"))
    done = desk.words.many("Done for %(number)s row.", "Done for %(number)s rows.", count)
    assert done in desk.text()


def by_keyboard_confirmed_and_undone(desk: Desk, person: Person, mark: str) -> None:
    page, words = desk.page, desk.words
    search(desk, mark)
    before = states(desk)
    desk.by_keyboard(page.locator("#result_list tr", has_text=person.email).locator("input.action-select"))
    page.locator("#searchbar").focus()
    desk.by_keyboard(desk.button(words("Confirm as requested")))
    expect(page.locator(".bulk-summary")).to_be_focused()
    desk.by_keyboard(desk.button(f"{words('Confirm as requested')} (1)"))
    assert words("confirmed") in desk.text()
    desk.by_keyboard(desk.button(words("Undo")))
    search(desk, mark)
    assert states(desk) == before


def decline(desk: Desk, chosen: list[Person], mark: str) -> None:
    search(desk, mark)
    tick(desk, chosen)
    label = desk.words("Decline")
    desk.follow(desk.button(label))
    desk.page.get_by_label(desk.words("Reason (may be left empty)")).fill(REASON[desk.language])
    sure(desk, label, len(chosen))


def listen(desk: Desk, chosen: list[Person], mark: str) -> None:
    search(desk, mark)
    tick(desk, chosen)
    label = desk.words("Confirm as listener")
    desk.follow(desk.button(label))
    sure(desk, label, len(chosen))
    desk.go(f"/admin/registration/registration/?q={mark}")
    confirmed = states(desk)[chosen[0].name].casefold()
    assert desk.words("confirmed").casefold() in confirmed
    row = desk.page.locator("#result_list tr", has_text=chosen[0].email)
    assert row.locator(".field-role").inner_text().casefold() == desk.words("listening").casefold()
