"""From a spreadsheet to invitations that went out, with a stop on the way, and to the reminder."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from scripts.invented import Person, people
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUGS = {"de": "nachhaltige-stadtentwicklung", "tr": "schutzfunktion-der-kommunen"}
TITLES = {
    "de": ["Dienststelle", "Vorname", "Nachname", "E-Mail", "Sprache"],
    "tr": ["Kurum", "Ad", "Soyad", "E-posta", "Dil"],
}


def sheet(titles: list[str], guests: list[Person]) -> bytes:
    """As an office keeps it: one person twice, and one address that is none."""
    book = openpyxl.Workbook()
    rows = book.active
    assert rows is not None
    rows.append(titles)
    for guest in [*guests, guests[0]]:
        rows.append(
            [guest.organisation, guest.first_name, guest.last_name, guest.email.upper(), guest.language]
        )
    rows.append(["", "Jörg", "Öztürk", "joerg.oeztuerk(at)koeln", "de"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_five_guests_in_a_spreadsheet_are_invited_and_reminded(desk: Desk) -> None:
    guests = people(5, mark=f"guests.{desk.language}")
    check_the_list(desk, guests)
    try_it(desk)
    send_with_a_stop(desk, len(guests))
    remind(desk, len(guests))
    mails = {guest.email: desk.arrived(guest.email, 2) for guest in guests}
    assert {len(texts) for texts in mails.values()} == {2}
    links = {re.findall(r"/invitation/([\w-]{43})/", text)[0] for text in mails[guests[0].email]}
    assert len(links) == 1, "a reminder carries the link of the invitation"


def check_the_list(desk: Desk, guests: list[Person]) -> None:
    page, words = desk.page, desk.words
    key, _name = desk.workshop(SLUGS[desk.language])
    desk.go("/admin/")
    desk.follow(page.locator(".overview-actions").get_by_role("link", name=words("Invite")))
    file = {
        "name": "Gäste.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": sheet(TITLES[desk.language], guests),
    }
    page.get_by_label(words("Or a file")).set_input_files(file)  # type: ignore[arg-type]
    desk.follow(desk.button(words("Check the addresses")))
    assert words("Choose at least one workshop.") in desk.text()

    page.get_by_label(words("Or a file")).set_input_files(file)  # type: ignore[arg-type]
    page.locator(f"input[name=workshops][value='{key}']").check()
    desk.follow(desk.button(words("Check the addresses")))
    would = words.many(
        "Nothing was sent yet. %(number)s person would get an invitation.",
        "Nothing was sent yet. %(number)s people would get an invitation.",
        len(guests),
    )
    assert would in desk.text()
    assert page.locator(".list-rows tbody tr").count() == len(guests) + 2
    desk.follow(page.locator(".row-filter a[href*=malformed]"))
    assert "joerg.oeztuerk(at)koeln" in page.locator(".list-rows tbody tr").inner_text()

    page.get_by_label(words("Remind after … days")).fill("7, 14")
    desk.follow(desk.button(words("Save and check again")))
    expect(page.get_by_label(words("Remind after … days"))).to_have_value("7, 14")


def try_it(desk: Desk) -> None:
    """The finished mail, on the page and to oneself; its links open nothing."""
    page, words = desk.page, desk.words
    here = page.url
    desk.follow(desk.link(words("Look at the finished mail")))
    assert page.locator("article.preview").count() >= 2
    desk.go(here)
    before = len(desk.mails_to(desk.product.email))
    own = desk.product.email
    desk.follow(desk.button(words("Send a test mail to %(address)s", address=own)))
    tests = desk.arrived(own, before + 1)
    assert not any(re.search(r"/invitation/[\w-]{43}/", text) for text in tests)


def send_with_a_stop(desk: Desk, count: int) -> None:
    page, words = desk.page, desk.words
    here = page.url
    desk.invent("hold-mail")
    send = words.many("Send %(number)s invitation", "Send %(number)s invitations", count)
    desk.follow(desk.button(send))
    desk.go("/admin/")  # the page may be closed
    desk.go(here)
    written = page.locator("[data-number=written]")
    desk.until(lambda: written.inner_text() == str(count), "the invitations")
    desk.follow(desk.button(words("Stop")))
    assert page.locator("[data-number=held]").inner_text() == str(count)
    assert page.locator("[data-number=mailed]").inner_text() == "0"
    desk.invent("let-mail-go")

    desk.follow(desk.button(words("Resume")))
    # The page asks by itself.
    expect(page.locator("[data-number=mailed]")).to_have_text(str(count), timeout=90_000)
    desk.look("sent")


def remind(desk: Desk, count: int) -> None:
    page, words = desk.page, desk.words
    page.reload()
    desk.follow(desk.button(words("Remind those who have not answered …")))
    goes = words.many("%(number)s reminder goes out.", "%(number)s reminders go out.", count)
    assert goes in desk.text()
    desk.follow(desk.button(words.many("Send %(number)s reminder", "Send %(number)s reminders", count)))
