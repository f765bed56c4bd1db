"""A person at a browser. On each of their pages axe looks for barriers, and the console tells what the CSP refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Error, Page, Response

from tests.browser.barriers import barriers
from tests.browser.waiting import SECONDS
from tests.product import Product

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
T = TypeVar("T")
_LOADS_ANEW = ("context was destroyed", "ERR_ABORTED", "interrupted by another navigation")


class Visitor:
    def __init__(
        self,
        browser: Browser,
        product: Product,
        *,
        locale: str,
        viewport: dict[str, int],
        pictures: Path | None,
    ) -> None:
        self.product, self.pictures = product, pictures
        self.context = browser.new_context(locale=locale, viewport=viewport, bypass_csp=False)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.complaints: list[str] = []
        self.loaded = 0
        self.page.on("framenavigated", lambda _frame: self._moved_on())
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 422" not in text:  # what a refused form is meant to answer
            self.complaints.append(f"{self.page.url}: {text}")

    def _moved_on(self) -> None:
        self.loaded += 1

    def go(self, path: str, *, status: int = 200) -> None:
        address = path if path.startswith("http") else f"{self.product.url}{path}"
        response = self.steadily(lambda: self.page.goto(address))
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        self.look(path)

    def press(self, selector: str) -> Response | None:
        """Presses a button or follows a link, and looks at the page it leads to."""
        with self.page.expect_navigation() as navigation:
            self.page.locator(selector).first.click()
        self.look(selector)
        return navigation.value

    def look(self, name: str) -> None:
        """Nothing on this page may be a barrier, and nothing may stick out of a narrow screen."""
        self.page.wait_for_load_state()
        # The mailbox's frame has no scripts, so axe cannot look into it.
        found = self.steadily(lambda: barriers(self.page, iframes=False, preload=False))
        assert found == [], f"{self.page.url}: {found}"
        assert self.steadily(self._sticks_out) <= 0, f"{self.page.url} scrolls sideways"
        assert self.complaints == []
        if self.pictures:
            file = re.sub(r"\W+", "-", f"{self.page.url.removeprefix(self.product.url)} {name}")[:120].strip(
                "-"
            )
            number = len(list(self.pictures.iterdir()))
            self.page.screenshot(path=self.pictures / f"{number:03}-{file}.png", full_page=True)

    def steadily(self, look: Callable[[], T]) -> T:
        """Some pages load themselves anew once they have news: what was looked at or asked for is gone then."""
        for _ in range(20):
            before = self.loaded
            try:
                return look()
            except Error as error:
                if self.loaded == before and not any(words in str(error) for words in _LOADS_ANEW):
                    raise
                self.page.wait_for_load_state()
        raise AssertionError(f"{self.page.url} never stands still")

    def _sticks_out(self) -> int:
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def text(self) -> str:
        return self.page.locator("main, #content").first.inner_text()

    def close(self) -> None:
        self.context.close()
