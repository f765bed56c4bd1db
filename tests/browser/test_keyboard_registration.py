"""A registration by keyboard alone. At each stop it is compared what a screen reader is told: role, name, state."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from registration.domain.tokens import issue_link, token_of
from registration.models import Participant, Registration
from tests import factories
from tests.admin.test_in_the_browser import chromium
from tests.browser.waiting import until
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

__all__ = ["chromium"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
# `autofocus` is heeded when the page is drawn, which may be after it was loaded.
HAS_FOCUS = "document.activeElement !== document.body"


@pytest.fixture
def person(conference: Conference) -> Participant:
    """Invited to two events; nothing is known of them but the address."""
    for number, slug in enumerate(("eins", "zwei"), 1):
        workshop = factories.make_workshop(
            conference,
            slug=slug,
            number=number,
            with_day=False,
            title_de=f"Fachworkshop {slug.title()}",
            title_tr=f"Çalıştay {slug.title()}",
            confirmation=Workshop.Confirmation.AUTOMATIC,
        )
        factories.make_day(workshop, date=factories.in_days(30 + number))
    factories.make_privacy_version(conference)
    release_programme(conference=conference)
    blank = dict.fromkeys(("first_name", "last_name", "organisation", "country", "language"), "")
    return factories.make_participant(conference, email="ayse@example.org", **blank)


class Keyboard:
    """Somebody who has no mouse and hears the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def hears(self) -> tuple[str, str, dict[str, Any]]:
        """Role, name and states of what has the focus, from the browser's accessibility tree."""
        handle = self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"][
            "objectId"
        ]
        [node] = self.tree.send(
            "Accessibility.getPartialAXTree", {"objectId": handle, "fetchRelatives": False}
        )["nodes"]
        wanted = {"required", "invalid", "checked"}
        states = {
            item["name"]: item["value"].get("value")
            for item in node.get("properties", [])
            if item["name"] in wanted
        }
        told = {name: value for name, value in states.items() if value not in {False, "false"}}
        if "description" in node and node["description"]["value"]:
            told["description"] = node["description"]["value"]
        return node["role"]["value"], " ".join(node.get("name", {}).get("value", "").split()), told

    def to(self, role: str, name: str, *, most: int = 40) -> tuple[str, str, dict[str, Any]]:
        """Goes on with the Tab key until this is reached; says what was heard there."""
        passed = []
        for _ in range(most):
            self.press("Tab")
            heard = self.hears()
            if heard[0] == role and name in heard[1]:
                return heard
            passed.append(heard[:2])
        raise AssertionError(f"no {role} “{name}” among {passed}")


# What is heard in each language.
WORDS: dict[str, dict[str, str]] = {
    "de": {
        "skip": "Zum Inhalt springen",
        "first name": "Vorname",
        "last name": "Nachname",
        "send": "Anmelden",
        "error title": "Fehler: Anmeldung – Konferenzbüro",
        "summary": "Bitte prüfen Sie 5 Eingaben",
        "to the error": "Nachname – Geben Sie Ihren Nachnamen ein.",
        "error": "Fehler: Geben Sie Ihren Nachnamen ein.",
        "organisation": "Organisation",
        "country": "Land",
        "country error": "Fehler: Wählen Sie Ihr Land.",
        "event": "Fachworkshop 1 Fachworkshop Eins",
        "not": "Ich nehme nicht teil",
        "actively": "Ich nehme aktiv teil",
        "consent": "Ich willige ein.",
        "title": "Meine Anmeldung – Konferenzbüro",
        "saved": "Ihre Anmeldung ist gespeichert, und eine E-Mail ist zu Ihnen unterwegs.",
        "state": "Sie nehmen aktiv teil.",
    },
    "tr": {
        "skip": "İçeriğe geç",
        "first name": "Ad",
        "last name": "Soyad",
        "send": "Kaydol",
        "error title": "Hata: Kayıt – Konferans Bürosu",
        "summary": "Lütfen 5 alanı kontrol ediniz",
        "to the error": "Soyad – Soyadınızı giriniz.",
        "error": "Hata: Soyadınızı giriniz.",
        "organisation": "Kurum",
        "country": "Ülke",
        "country error": "Hata: Ülkenizi seçiniz.",
        "event": "Çalıştay 1 Çalıştay Eins",
        "not": "Bu etkinliğe katılmıyorum",
        "actively": "Aktif olarak katılıyorum",
        "consent": "Rıza gösteriyorum.",
        "title": "Kaydım – Konferans Bürosu",
        "saved": "Kaydınız alındı; size bir e-posta gönderiliyor.",
        "state": "Aktif katılımcısınız.",
    },
}


@pytest.mark.parametrize("language", WORDS)
def test_somebody_registers_by_keyboard_and_hears_where_they_are(
    person: Participant, live_server: Any, chromium: Browser, language: str
) -> None:
    said = WORDS[language]
    page = chromium.new_page(base_url=live_server.url)
    keyboard = Keyboard(page)
    page.goto(f"/{language}/invitation/{token_of(link=issue_link(participant=person))}/")

    # Past the menu in two keys.
    assert keyboard.to("link", said["skip"], most=1)[1:] == (said["skip"], {})
    keyboard.press("Enter")
    until(page, "location.hash !== ''")
    assert keyboard.to("textbox", said["first name"], most=1)[2] == {"required": True}
    keyboard.type("Ada")
    assert keyboard.to("textbox", said["last name"], most=1)[2] == {"required": True}
    # Nothing is called wrong before anybody has said anything.
    assert keyboard.to("combobox", said["country"])[2] == {}
    assert keyboard.to("checkbox", said["consent"])[2] == {}

    # Sent too early: the focus goes to the summary, the title begins with it, and each error leads to its field.
    keyboard.to("button", said["send"], most=1)
    with page.expect_navigation():
        keyboard.press("Enter")
    until(page, HAS_FOCUS)
    assert (page.title(), keyboard.hears()) == (said["error title"], ("region", said["summary"], {}))
    keyboard.to("link", said["to the error"], most=2)
    keyboard.press("Enter")
    expect(page.locator("[name=last_name]")).to_be_focused()
    wrong = {"invalid": "true", "required": True, "description": said["error"]}
    assert keyboard.hears() == ("textbox", said["last name"], wrong)
    assert page.input_value("[name=first_name]") == "Ada"

    # Everything that was missing.
    keyboard.type("Yilmaz")
    organisation = keyboard.to("textbox", said["organisation"], most=1)[2]
    assert (organisation["invalid"], organisation["required"]) == ("true", True)
    keyboard.type("Bursa")
    country = keyboard.to("combobox", said["country"], most=3)[2]
    assert country == {"invalid": "true", "description": said["country error"]}
    keyboard.press("T")
    assert page.input_value("[name=country]") == "TR"
    assert keyboard.to("radio", said["not"], most=3)[2] == {"checked": "true"}
    expect(page.get_by_role("group", name=said["event"]).locator(":focus")).to_have_count(1)
    keyboard.press("ArrowUp", "ArrowUp")
    role, name, states = keyboard.hears()
    assert (role, name.startswith(said["actively"]), states) == ("radio", True, {"checked": "true"})
    keyboard.to("checkbox", said["consent"])
    keyboard.press("Space")
    assert keyboard.hears()[2]["checked"] == "true"
    keyboard.to("button", said["send"], most=1)
    with page.expect_navigation():
        keyboard.press("Enter")

    # What became of it is heard first; what comes next is one step away.
    until(page, HAS_FOCUS)
    role, _, _ = keyboard.hears()
    assert (page.title(), role) == (said["title"], "status")
    expect(page.locator("main [role=status]").first).to_contain_text(said["saved"])
    expect(page.get_by_role("region", name=said["event"].split(" ", 2)[2])).to_contain_text(said["state"])
    registration = Registration.objects.get()
    assert (registration.workshop.slug, registration.status, registration.role) == (
        "eins",
        "confirmed",
        "active",
    )
