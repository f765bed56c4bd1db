"""Draws the pictures of the README and of the organisers' guides: starts the demo in an empty directory, fills it with
invented people, walks through it in both languages, and photographs it.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from tests.product import Product, running_product  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 3_000_000
ADDRESS = "cigdem.isik@bursa.example"
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1200, height=820)
LOCALES = {"de": "de-DE", "tr": "tr-TR"}
Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Camera:
    """A browser in front of the product; each picture is taken by somebody with a language and a window."""

    browser: Browser
    product: Product
    directory: Path

    def open(
        self, path: str, language: str, *, viewport: ViewportSize = DESKTOP, scheme: Scheme = "light"
    ) -> Page:
        page = self.browser.new_context(
            locale=LOCALES[language],
            viewport=viewport,
            color_scheme=scheme,
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        ).new_page()
        page.goto(self.product.url + path)
        return page

    def keep(self, page: Page, name: str, *, height: int | None = None) -> None:
        """What the window shows, or the page's first `height` pixels; with 256 colours, which no eye misses here."""
        size = page.viewport_size or DESKTOP
        if height:
            page.set_viewport_size({"width": size["width"], "height": height})
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        page.set_viewport_size(size)
        small = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(self.directory / f"{name}.png", optimize=True)


def main() -> None:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("Chromium is missing (Debian's package “chromium”).")
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        fresh = Path(directory) / "pictures"
        fresh.mkdir()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        with running_product(Path(directory) / "data") as product:
            take_all(Camera(browser, product, fresh))
        browser.close()
        replace(fresh)


def take_all(camera: Camera) -> None:
    from pictures_desk import desk  # noqa: PLC0415 (it draws with the camera of this module)

    public(camera)
    participant(camera)
    desk(camera)


def replace(fresh: Path) -> None:
    """All of them or none: a picture that is no longer taken goes, and none is lost to a run that broke off."""
    size = sum(file.stat().st_size for file in fresh.iterdir())
    if size > MOST_BYTES:
        raise SystemExit(
            f"The pictures have {size:,} bytes together; at most {MOST_BYTES:,} are meant to be kept."
        )
    shutil.rmtree(PICTURES, ignore_errors=True)
    shutil.copytree(fresh, PICTURES)
    sys.stdout.write(f"{len(list(PICTURES.iterdir()))} pictures, {size:,} bytes\n")


def public(camera: Camera) -> None:
    """Each page in German at a desk by day, and in Turkish on a telephone at night."""
    pages = {
        "home": "",
        "programme": "programme/",
        "programme-both": "programme/?view=both",
        "workshop": "workshops/digitale-stadt/",
    }
    for name, path in pages.items():
        wide = camera.open(f"/de/{path}", "de")
        narrow = camera.open(f"/tr/{path}", "tr", viewport=PHONE, scheme="dark")
        for page in (wide, narrow) if name.startswith("programme") else ():
            to_agenda(page)
        camera.keep(wide, f"{name}-de")
        camera.keep(narrow, f"{name}-tr-phone-dark")


def to_agenda(page: Page) -> None:
    """To the first workshop whose times are settled: both clocks stand beside each session."""
    page.locator("main a[href*='/workshops/digitale-stadt/']").last.evaluate(
        "link => window.scrollBy(0, link.getBoundingClientRect().top - 90)"
    )


def participant(camera: Camera) -> None:
    product = camera.product
    product.manage("invite", ADDRESS, "--workshop", "digitale-stadt", "--language", "tr")
    page = camera.open(personal_link(camera), "tr", viewport=PHONE)
    for name, value in {
        "first_name": "Çiğdem",
        "last_name": "Işık",
        "organisation": "Bursa Büyükşehir Belediyesi",
        "position": "Dijitalleşme Birimi",
        "city": "Bursa",
    }.items():
        page.locator(f"input[name={name}]").fill(value)
    page.locator("select[name=country]").select_option("TR")
    page.evaluate("window.scrollTo(0, 0)")
    camera.keep(page, "register-tr-phone")
    page.locator("input[name=workshop-digitale-stadt][value=active]").check()
    page.locator("input[name=workshop-schutzfunktion-der-kommunen][value=listener]").check()
    page.locator("input[name=consent_privacy]").check()
    page.locator("form.form button[type=submit]").click()
    product.manage("confirm", ADDRESS, "--workshop", "digitale-stadt")
    page.goto(f"{product.url}/tr/my/")
    camera.keep(page, "my-tr-phone")
    page.set_viewport_size(DESKTOP)
    page.goto(f"{product.url}/de/my/")
    camera.keep(page, "my-de")


def personal_link(camera: Camera) -> str:
    page = camera.open("/mailbox/", "tr")
    mail = page.locator(f"tr:has-text('{ADDRESS}') a")
    until(page, lambda: mail.count() > 0, "the invitation")
    mail.first.click()
    camera.keep(page, "mail-tr")
    found = re.search(r"https?://[^/]+(/\S+/invitation/\S+)", page.locator("[data-mail-text]").inner_text())
    if found is None:
        raise SystemExit("The invitation carries no personal link.")
    return found[1]


def until(page: Page, done: Callable[[], Any], what: str, *, seconds: float = 90) -> None:
    """Loads the page anew until it is so."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"Waited in vain for {what}.")
        time.sleep(0.5)
        page.reload()


if __name__ == "__main__":
    main()
