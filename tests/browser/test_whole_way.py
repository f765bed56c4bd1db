"""The whole way on the real programme: from the invitation to the access details, through a real browser.

An organiser works in German at a desk; a participant registers in Turkish on a telephone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.product import Product

pytestmark = pytest.mark.browser

ADDRESS = "cigdem.isik@example.org"
SLUG = "digitale-stadt"
SECRETS = {
    "url": "https://kudo.example/room/8c1f",
    "meeting_number": "8452 1177",
    "passcode": "Brücke-7f3k",
    "dial_in": "+49 30 5550 1234",
    "interpreter_channel": "Türkçe: 2, Deutsch: 1",
}


@pytest.fixture
def organiser(chromium: Browser, product: Product, pictures: Path | None) -> Iterator[Visitor]:
    visitor = Visitor(chromium, product, locale="de-DE", viewport=DESKTOP, pictures=pictures)
    yield visitor
    visitor.close()


@pytest.fixture
def guest(chromium: Browser, product: Product, pictures: Path | None) -> Iterator[Visitor]:
    visitor = Visitor(chromium, product, locale="tr-TR", viewport=PHONE, pictures=pictures)
    yield visitor
    visitor.close()


def sign_in(organiser: Visitor) -> None:
    organiser.go("/admin/")
    assert "/accounts/login/" in organiser.page.url
    organiser.page.locator("input[name=login]").fill(organiser.product.email)
    organiser.page.locator("input[name=password]").fill(organiser.product.password)
    organiser.press("form:has(input[name=password]) button[type=submit]")
    assert organiser.page.url == f"{organiser.product.url}/admin/"


def invite(organiser: Visitor) -> None:
    organiser.go("/admin/registration/invitation/invite/")
    page = organiser.page
    page.locator("textarea[name=addresses]").fill(f"Çiğdem Işık <{ADDRESS}>\nniemand-ohne-adresse")
    page.locator("input[name=workshops]").first.check()
    organiser.press("form:has(textarea[name=addresses]) [type=submit]")
    assert "niemand-ohne-adresse" in organiser.text()
    organiser.press("#content form [type=submit]")
    assert ADDRESS in organiser.text()


def open_mail(visitor: Visitor, *, number: int) -> str:
    """Waits until the worker has delivered the person's `number`-th mail, opens it and returns its plain text."""
    page, end = visitor.page, time.monotonic() + 90
    rows = page.locator(f"tr:has-text('{ADDRESS}') a")
    while True:
        visitor.page.goto(f"{visitor.product.url}/mailbox/")
        if rows.count() >= number:
            break
        assert time.monotonic() < end, "the mail did not arrive"
        time.sleep(0.5)
    visitor.look("mailbox")
    with page.expect_navigation():
        rows.first.click()
    visitor.look("mail")
    return page.locator("[data-mail-text]").inner_text()


def personal_link(text: str) -> str:
    """The link in the Turkish part of the mail."""
    found = re.search(r"https?://\S+/tr/invitation/[\w-]{43}/", text)
    assert found, text
    return found[0]


def register(guest: Visitor, link: str) -> None:
    guest.go(link)
    page = guest.page
    assert page.url == f"{guest.product.url}/tr/register/", "the token stays in the address bar"
    assert page.locator("html").get_attribute("lang") == "tr"

    # As the organiser gave it; everybody may put it right.
    assert page.locator("input[name=first_name]").input_value() == "Çiğdem"
    page.locator("input[name=first_name]").fill("")
    guest.press("form.form button[type=submit]")
    summary = page.locator(".panel--danger[role=region]")
    expect(summary).to_be_focused()
    assert "Adınızı" in guest.text()

    for name, value in {
        "first_name": "Çiğdem",
        "last_name": "Işık",
        "organisation": "Bursa Büyükşehir Belediyesi",
    }.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("select[name=country]").select_option("TR")
    page.locator("input[name=language][value=tr]").check()
    page.locator(f"input[name=workshop-{SLUG}][value=active]").check()
    page.locator("input[name=consent_privacy]").check()
    guest.press("form.form button[type=submit]")
    assert page.url == f"{guest.product.url}/tr/my/"
    for secret in SECRETS.values():
        assert secret not in page.content()


def confirm(organiser: Visitor) -> None:
    organiser.go("/admin/registration/registration/")
    page = organiser.page
    page.locator("tr:has-text('Işık') input[name=_selected_action]").check()
    page.locator("select[name=action]").select_option("confirm")
    organiser.press("button[name=index]")
    organiser.press("form:has(input[name=sure]) [type=submit]")
    assert "Işık" in organiser.text()


def enter_access_details(organiser: Visitor) -> None:
    organiser.go("/admin/registration/accessdetails/add/")
    page = organiser.page
    option = page.locator("select[name=day] option", has_text="Digitale Stadt").first
    page.locator("select[name=day]").select_option(option.get_attribute("value"))
    page.locator("select[name=role]").select_option("active")
    for name, value in SECRETS.items():
        page.locator(f"[name={name}]").fill(value)
    organiser.press("input[name=_save]")
    assert page.locator("[name=url]").input_value() == SECRETS["url"], "what was typed is kept while it asks"
    page.locator("input[name=announce]").check()
    organiser.press("input[name=_save]")
    for secret in SECRETS.values():
        assert secret not in page.content()


def test_from_the_invitation_to_the_access_details(organiser: Visitor, guest: Visitor) -> None:
    sign_in(organiser)
    invite(organiser)
    invitation = open_mail(guest, number=1)
    assert "09:30" in invitation
    assert "10:30" in invitation
    assert "Sie" in invitation, "the language is unknown, so the invitation speaks both"
    assert "siniz" in invitation

    register(guest, personal_link(invitation))
    confirm(organiser)
    enter_access_details(organiser)

    mail = open_mail(guest, number=4)  # invitation, received, confirmed, access details
    for secret in SECRETS.values():
        assert secret in mail

    guest.go("/tr/my/")
    for secret in SECRETS.values():
        assert secret in guest.page.content()
    join = guest.page.locator(f"a[href='{SECRETS['url']}']").first
    expect(join).to_be_visible()
    assert "noreferrer" in (join.get_attribute("rel") or "")

    change_and_cancel(guest)


def change_and_cancel(guest: Visitor) -> None:
    """A second visit shows what is registered, and lets the person change it and cancel it."""
    page = guest.page
    guest.go("/tr/register/")
    expect(page.locator("input[name=first_name]")).to_have_value("Çiğdem")
    expect(page.locator(f"input[name=workshop-{SLUG}][value=active]")).to_be_checked()
    page.locator(f"input[name=workshop-{SLUG}][value=listener]").check()
    guest.press("form.form button[type=submit]")
    for secret in SECRETS.values():
        assert secret not in page.content(), "a listener must not see what the active participants got"
    guest.go(f"/tr/my/cancel/{SLUG}/")
    guest.press("main form [type=submit]")
    assert page.url.startswith(f"{guest.product.url}/tr/my/")


PUBLIC = [
    "",
    "programme/",
    "programme/?view=both",
    "speakers/",
    "speakers/sabine-drees/",
    "accessibility/",
    "privacy/",
    "imprint/",
]
SLUGS = [
    SLUG,
    "nachhaltige-stadtentwicklung",
    "schutzfunktion-der-kommunen",
    "jugendaustausch",
    "informationsveranstaltung",
]


@pytest.mark.sqlite  # The released programme looks the same whatever database it was read from.
@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("tr", "dark")])
def test_every_public_page_is_open_to_everybody(
    chromium: Browser, product: Product, pictures: Path | None, language: str, scheme: str
) -> None:
    """With the real programme; `test_everybody` looks at every state, on every screen, in every language."""
    viewport = PHONE if scheme == "dark" else DESKTOP
    visitor = Visitor(chromium, product, locale=language, viewport=viewport, pictures=pictures)
    visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in [*PUBLIC, *(f"workshops/{slug}/" for slug in SLUGS), "link/", "accessibility/report/"]:
        visitor.go(f"/{language}/{path}")
        assert visitor.page.locator("html").get_attribute("lang") == language
        assert visitor.page.locator("h1").count() == 1
    visitor.close()


def test_the_form_can_be_filled_in_by_keyboard_alone(guest: Visitor) -> None:
    address = "klavye@example.org"
    guest.product.manage("invite", address, "--workshop", SLUG, "--language", "tr")
    guest.page.set_viewport_size({"width": 320, "height": 700})
    end = time.monotonic() + 90
    while not guest.page.locator(f"tr:has-text('{address}') a").count():
        assert time.monotonic() < end
        time.sleep(0.5)
        guest.page.goto(f"{guest.product.url}/mailbox/")
    guest.page.locator(f"tr:has-text('{address}') a").first.click()
    guest.go(personal_link(guest.page.locator("[data-mail-text]").inner_text()))
    page = guest.page

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached by the Tab key")

    tab_to("input[name=first_name]")
    page.keyboard.type("İ")
    tab_to("input[name=last_name]")
    page.keyboard.type("Öz")
    tab_to("input[name=organisation]")
    page.keyboard.type("İzmir")
    tab_to("select[name=country]")
    page.keyboard.type("Tür")
    tab_to("input[name=language]")
    tab_to(f"input[name=workshop-{SLUG}]")
    page.keyboard.press("Space")
    for _ in range(3):
        if page.locator(f"input[name=workshop-{SLUG}][value=active]").is_checked():
            break
        page.keyboard.press("ArrowDown")
    tab_to("input[name=consent_privacy]")
    page.keyboard.press("Space")
    tab_to("form.form button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{guest.product.url}/tr/my/"
    guest.look("own page by keyboard")
