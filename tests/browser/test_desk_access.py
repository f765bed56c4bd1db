"""Access details: entered, masked, shown on request, with personal codes, sent; and nowhere else."""

from __future__ import annotations

import csv
import io
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from scripts.invented import people
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUGS = {"de": "nachhaltige-stadtentwicklung", "tr": "schutzfunktion-der-kommunen"}


def test_access_details_reach_whom_they_are_for_and_stand_nowhere_else(desk: Desk) -> None:
    slug, mark = SLUGS[desk.language], f"access.{desk.language}"
    desk.invent("enter", "--workshop", slug, "--state", "confirmed", "--count", "3", "--mark", mark)
    secrets = {"url": f"https://kudo.example/{mark}-raum", "passcode": f"Köprü-{mark}-7f3k"}
    enter(desk, slug, secrets)
    masked(desk, secrets)
    page = desk.page.url
    codes(desk, mark)
    send(desk, page)
    outbox(desk, mark, secrets)
    [mail] = desk.mails_to(people(1, mark=mark)[0].email)
    assert [secret for secret in secrets.values() if secret not in mail] == []
    assert f"code-{mark}-" in mail


def enter(desk: Desk, slug: str, secrets: dict[str, str]) -> None:
    """A day before it begins, so that saving mails nobody yet."""
    page = desk.page
    _key, name = desk.workshop(slug)
    desk.go("/admin/registration/accessdetails/add/")
    title = name.rsplit(" (", 1)[0]
    option = page.locator("select[name=day] option", has_text=title).first
    page.locator("select[name=day]").select_option(option.get_attribute("value"))
    page.locator("select[name=role]").select_option("active")
    for field, secret in secrets.items():
        page.locator(f"[name={field}]").fill(secret)
    page.locator("input[name=hours_before]").fill("24")
    desk.press("input[name=_continue]")


def masked(desk: Desk, secrets: dict[str, str]) -> None:
    page, words = desk.page, desk.words
    assert [secret for secret in secrets.values() if secret in page.content()] == []
    desk.follow(desk.button(words("Show the details")))
    assert [secret for secret in secrets.values() if secret not in page.content()] == []
    key = page.url.split("/")[-3]
    desk.go(f"/admin/registration/accessdetails/{key}/change/")
    assert [secret for secret in secrets.values() if secret in page.content()] == []


def codes(desk: Desk, mark: str) -> None:
    """Too few at first; the page says for how many people there is none."""
    page, words = desk.page, desk.words
    desk.follow(desk.link(words("Personal codes")))
    assert page.locator("input[type=file]").count() == 1
    page.get_by_label(words("Codes or personal links")).fill(f"code-{mark}-a\ncode-{mark}-b")
    desk.follow(desk.button(words("Store the codes")))
    short = page.locator(".notice-bad")
    expect(short).to_have_count(1)
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(
        [["Code"], *([f"code-{mark}-{number}"] for number in range(20))]
    )
    sheet = {"name": "codes.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}
    page.locator("input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    desk.follow(desk.button(words("Store the codes")))
    desk.go(page.url)
    assert words("There are enough codes for everybody.") in desk.text()
    assert f"code-{mark}-" not in page.content()


def send(desk: Desk, page: str) -> None:
    """Tried on oneself first; then each of them has the present version, and a list goes to the platform."""
    words, own = desk.words, desk.product.email
    desk.go(page)
    desk.follow(desk.link(words("Who has them")))
    before = len(desk.mails_to(own))
    desk.follow(desk.button(words("Send a test to %(address)s", address=own)))
    desk.arrived(own, before + 1)
    desk.follow(desk.button(words("Send now")))
    people = desk.page.locator(".list-rows tbody tr")
    sent = people.locator(".status-sent")
    desk.until(lambda: sent.count() == people.count(), "the mails")
    assert desk.page.locator(".list-rows tbody td a", has_text=words("has one")).count() == people.count()
    name, content = desk.download(desk.button("Kudo"))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert name.endswith(".csv")
    assert len(rows) == people.count() + 1


def outbox(desk: Desk, mark: str, secrets: dict[str, str]) -> None:
    """The message as the outbox shows it, in every language and as HTML."""
    page, words = desk.page, desk.words
    desk.follow(page.locator(".list-rows tr", has_text=mark).locator("td a").first)
    desk.follow(desk.link(words("Preview")))
    # The frames have no scripts, so nobody can ask them what they hold.
    frames = [urljoin(page.url, frame.get_attribute("src") or "") for frame in page.locator("iframe").all()]
    shown = [page.content(), *(page.request.get(frame).text() for frame in frames)]
    assert len(shown) > 1
    hidden = [*secrets.values(), f"code-{mark}-"]
    assert [secret for secret in hidden if any(secret in text for text in shown)] == []
