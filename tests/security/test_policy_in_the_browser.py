"""A real Chromium opens every page there is and refuses nothing: the strict policy costs no page its function."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from registration.domain.tokens import token_of
from tests.admin.test_in_the_browser import chromium  # noqa: F401 (a fixture)
from tests.browser.waiting import SECONDS
from tests.registration_pages.helpers import Visitor
from tests.security.addresses import every_address
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
LISTEN = """
window.addEventListener('securitypolicyviolation', event =>
  console.error('refused', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber))
"""
# Files, answers for programs, and addresses that take a form only.
NO_PAGES = re.compile(
    r"\.(pdf|json|txt|ics|xml)$|/(download|autocomplete|jsi18n|anymail|health|step|leave|logout|export)/|"
    r"webauthn/login|/mailbox/message"
)


class Reader:
    """Opens pages and keeps what the console says about each."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.page: Page = context.new_page()
        self.server, self.complaints, self.opened = server, [], 0
        self.page.add_init_script(LISTEN)
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self._heard("error", str(error)))

    def _heard(self, kind: str, text: str) -> None:
        """Chromium also reports each page that answers 403 or 404, as some are meant to."""
        if kind == "error" and "the server responded with a status of" not in text:
            self.complaints.append(f"{self.page.url.removeprefix(self.server)}: {text}")

    def read(self, addresses: list[str]) -> None:
        for address in addresses:
            answer = self.page.goto(f"{self.server}{address}")
            self.opened += answer is not None and answer.status < 400


def pages(world: World, prefixes: tuple[str, ...], language: str = "de") -> list[str]:
    found = [a for a in every_address(world, language=language) if a.startswith(prefixes)]
    return [address for address in found if not NO_PAGES.search(address)]


@pytest.fixture
def reader(chromium: Browser, live_server: Any) -> Any:  # noqa: F811
    contexts = []

    def new(cookie: str = "") -> Reader:
        contexts.append(context := chromium.new_context(locale="de-DE"))
        if cookie:
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": cookie, "url": live_server.url}])
        return Reader(context, live_server.url)

    yield new
    for context in contexts:
        context.close()


def test_public_and_personal_pages_and_the_account(whole: World, participant: Visitor, reader: Any) -> None:
    anybody, person = reader(), reader()
    person.read([f"/de/invitation/{token_of(link=participant.link)}/"])

    anybody.read([*pages(whole, ("/tr/",), "tr"), "/de/programme/?view=both", "/de/nowhere/"])
    anybody.read([*pages(whole, ("/accounts/", "/mailbox/")), "/admin/"])
    person.read([a for a in pages(whole, ("/de/",)) if "/unsubscribe/" not in a and "/invitation/" not in a])
    person.page.goto(f"{person.server}/de/register/")
    with person.page.expect_navigation():
        person.page.locator(
            "form[method=post] button[type=submit], form[method=post] input[type=submit]"
        ).first.click()

    assert anybody.complaints + person.complaints == []
    assert (anybody.opened > 25, person.opened > 18) == (True, True)


def test_the_organisers_pages(whole: World, organiser: Any, reader: Any) -> None:
    boss = reader(organiser.cookies[settings.SESSION_COOKIE_NAME].value)
    found = [address for address in pages(whole, ("/admin/", "/accounts/")) if "/delete/" not in address]
    # “…/<id>/” only leads on to “…/<id>/change/”.
    boss.read([a for a in found if not re.fullmatch(r"/admin/\w+/\w+/[0-9a-f-]+/", a)])

    boss.page.goto(boss.server + reverse("admin:registration_registration_changelist"))
    boss.page.locator("input.action-select").first.check()
    boss.page.locator("select[name=action]").select_option(index=1)
    with boss.page.expect_navigation():
        boss.page.locator("button[name=index]").first.click()
    assert "ids" in boss.page.content()

    assert boss.complaints == []
    assert boss.opened > 85


def test_a_violation_would_be_heard(whole: World, reader: Any) -> None:
    anybody = reader()
    anybody.read(["/de/"])

    anybody.page.evaluate("document.body.setAttribute('style', 'color: red')")
    anybody.page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://x.example/'}))"
    )
    ends = time.monotonic() + SECONDS
    while not any("refused" in said for said in anybody.complaints):
        assert time.monotonic() < ends, anybody.complaints
        anybody.page.wait_for_timeout(50)
