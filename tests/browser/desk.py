"""An organiser at the desk: everything is found by what it is called in their language, as a person finds it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, ngettext, override, pgettext
from playwright.sync_api import Browser, Download, Locator

from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.product import ROOT, Product

_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(each => each.outerHTML.slice(0, 120))"""
LOCALES = {"de": "de-DE", "tr": "tr-TR"}


class Words:
    """The catalogue of one language, asked as the templates ask it."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, text: str, context: str = "", **values: Any) -> str:
        with override(self.language):
            said = pgettext(context, text) if context else gettext(text)
        return said % values if values else said

    def many(self, one: str, more: str, number: int, **values: Any) -> str:
        with override(self.language):
            said = ngettext(one, more, number)
        return said % {"number": number, **values}


class Desk(Visitor):
    def __init__(self, browser: Browser, product: Product, *, language: str, pictures: Path | None) -> None:
        locale = LOCALES[language]
        super().__init__(browser, product, locale=locale, viewport=DESKTOP, pictures=pictures)
        self.language, self.words = language, Words(language)

    def look(self, name: str) -> None:
        """As everywhere, and nothing sticks out of a telephone either."""
        super().look(name)
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wide = self.steadily(lambda: self.page.evaluate(_TOO_WIDE) if self._sticks_out() > 0 else [])
        assert wide == [], f"{self.page.url} scrolls sideways on a telephone"
        self.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]

    def sign_in(self) -> None:
        self.go("/admin/")
        self.page.locator("input[name=login]").fill(self.product.email)
        self.page.locator("input[name=password]").fill(self.product.password)
        self.press("form:has(input[name=password]) button[type=submit]")
        assert self.page.locator("html").get_attribute("lang") == self.language

    # Finding and pressing

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def link(self, name: str) -> Locator:
        return self.page.locator("#container").get_by_role("link", name=name)

    def follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.first.click()
        self.look(self.page.url)

    def download(self, what: Locator) -> tuple[str, bytes]:
        """Its name and what is in it."""
        with self.page.expect_download() as waiting:
            what.first.click()
        found: Download = waiting.value
        return found.suggested_filename, Path(found.path()).read_bytes()

    def by_keyboard(self, what: Locator) -> None:
        """To a button or box with the Tab key alone, and Enter or Space there."""
        handle = what.first.element_handle()
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("element => document.activeElement === element", handle):
                break
        else:
            raise AssertionError("no way there by keyboard")
        is_box = self.page.evaluate("element => element.type === 'checkbox'", handle)
        if is_box:
            self.page.keyboard.press("Space")
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look("keyboard")

    def rows(self) -> Locator:
        return self.page.locator("#result_list tbody tr")

    # What is in the product

    def invent(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "scripts/invent.py", *arguments],
            cwd=ROOT,
            env=self.product.environment,
            check=True,
            timeout=300,
        )

    def workshop(self, slug: str) -> tuple[int, str]:
        """Its key, and what the desk calls it."""
        programme = self.page.request.get(f"{self.product.url}/programme.json").json()
        [found] = [each for each in programme["workshops"] if each["slug"] == slug]
        self.steadily(lambda: self.page.goto(f"{self.product.url}/admin/"))
        name = self.page.get_by_role("heading", level=3).filter(has_text=found["title"][self.language])
        key = re.search(r"/(\d+)/change/", name.get_by_role("link").get_attribute("href") or "")
        assert key, slug
        return int(key[1]), name.inner_text()

    def until(self, done: Callable[[], object], what: str, *, seconds: float = 120) -> None:
        """Looks again until it is so; the page is asked anew each time."""
        end = time.monotonic() + seconds
        while not self.steadily(done):
            assert time.monotonic() < end, f"waited in vain for {what}"
            self.page.wait_for_timeout(500)
            self.steadily(self.page.reload)

    def arrived(self, address: str, number: int = 1, *, seconds: float = 120) -> list[str]:
        """Waits until so many mails have come to somebody, and returns what all of them say."""
        end = time.monotonic() + seconds
        while len(found := self.mails_to(address)) < number:
            assert time.monotonic() < end, f"mail number {number} to {address} did not arrive"
            self.page.wait_for_timeout(300)
        return found

    def mails_to(self, address: str) -> list[str]:
        """The plain texts of what has arrived, oldest first."""
        folder = Path(self.product.environment["DATA_DIR"]) / "mail"
        found = []
        for file in sorted(folder.rglob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if address in (mail["To"] or ""):
                found.append(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        return found
