"""Draws the README's pictures: starts the demo in an empty directory, walks through it, and photographs it."""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.product import Product, running_product  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
ADDRESS = "cigdem.isik@example.org"
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=860)


def main() -> None:
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        raise SystemExit("Chromium is missing (Debian's package “chromium”).")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        with running_product(Path(directory) / "data") as product:
            public(browser, product)
            participant(browser, product)
            organiser(browser, product)
        browser.close()


def public(browser: Browser, product: Product) -> None:
    page = open_page(browser, product, "de-DE", DESKTOP, "/de/programme/")
    page.locator("h2", has_text="15. Juni").first.scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, document.querySelectorAll('h2')[2].getBoundingClientRect().top - 40)")
    keep(page, "programme-de")
    page = open_page(browser, product, "tr-TR", PHONE, "/tr/programme/", scheme="dark")
    page.evaluate("window.scrollBy(0, document.querySelectorAll('h2')[2].getBoundingClientRect().top - 20)")
    keep(page, "programme-tr-phone-dark")
    keep(open_page(browser, product, "de-DE", DESKTOP, "/de/programme/?view=both"), "programme-both")


def participant(browser: Browser, product: Product) -> None:
    product.manage("invite", ADDRESS, "--workshop", "digitale-stadt", "--language", "tr")
    page = open_page(browser, product, "tr-TR", PHONE, personal_link(browser, product))
    page.locator("input[name=first_name]").fill("Çiğdem")
    page.locator("input[name=last_name]").fill("Işık")
    page.locator("input[name=organisation]").fill("Bursa Büyükşehir Belediyesi")
    page.locator("select[name=country]").select_option("TR")
    keep(page, "register-tr-phone")
    page.locator("input[name=workshop-digitale-stadt][value=active]").check()
    page.locator("input[name=workshop-jugendaustausch][value=listener]").check()
    page.locator("input[name=consent_privacy]").check()
    page.locator("form.form button[type=submit]").click()
    product.manage("confirm", ADDRESS, "--workshop", "digitale-stadt")
    page.goto(f"{product.url}/tr/my/")
    keep(page, "my-tr-phone")
    page.set_viewport_size(DESKTOP)
    page.goto(f"{product.url}/de/my/")
    keep(page, "my-de")


def organiser(browser: Browser, product: Product) -> None:
    page = open_page(browser, product, "de-DE", DESKTOP, "/admin/")
    page.locator("input[name=login]").fill(product.email)
    page.locator("input[name=password]").fill(product.password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.goto(f"{product.url}/admin/")
    keep(page, "desk-de")


def personal_link(browser: Browser, product: Product) -> str:
    page = open_page(browser, product, "tr-TR", DESKTOP, "/mailbox/")
    end = time.monotonic() + 30
    while not page.locator(f"tr:has-text('{ADDRESS}') a").count():
        if time.monotonic() > end:
            raise SystemExit("The invitation did not arrive in the mailbox.")
        time.sleep(0.5)
        page.reload()
    page.locator(f"tr:has-text('{ADDRESS}') a").first.click()
    text = page.locator("[data-mail-text]").inner_text()
    found = re.search(r"https?://[^/]+(/\S+/invitation/\S+)", text)
    if found is None:
        raise SystemExit("The invitation carries no personal link.")
    keep(page, "mail-tr")
    return found[1]


def open_page(  # noqa: PLR0913 (who looks, at what, through which window)
    browser: Browser,
    product: Product,
    locale: str,
    viewport: ViewportSize,
    path: str,
    *,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    context = browser.new_context(
        locale=locale, viewport=viewport, color_scheme=scheme, timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    page.goto(product.url + path)
    return page


def keep(page: Page, name: str) -> None:
    """As a small WebP: what the window shows."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(PICTURES / f"{name}.webp", quality=80, method=6)


if __name__ == "__main__":
    main()
