"""A real Chromium in front of the whole product. Every page it visits is checked by axe and for CSP violations."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.desk import Desk
from tests.browser.waiting import SECONDS
from tests.product import Product, running_product

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Slows nobody down; where there is a limit, mail can be held back for a while (scripts/invent.py).
HIGH_RATE = "60000"


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """On SQLite, or on a database of its own beside the one TEST_DATABASE_URL names."""
    directory = tmp_path_factory.mktemp("product") / "data"
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url:
        with running_product(directory, MAIL_RATE=HIGH_RATE) as running:
            yield running
        return
    settings = {"MAIL_RATE": HIGH_RATE}
    with _own_database(url) as own, running_product(directory, DATABASE_URL=own, **settings) as running:
        yield running


class _own_database:  # noqa: N801 (a context manager used like a function)
    def __init__(self, url: str) -> None:
        self.url, self.name = url, f"walk_{uuid.uuid4().hex[:12]}"

    def __enter__(self) -> str:
        self._admin(f'CREATE DATABASE "{self.name}"')
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{self.name}"))

    def __exit__(self, *_: object) -> None:
        self._admin(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        import psycopg2

        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not for the session: while it lives an event loop runs in this thread, in which Django asks no database."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; CI must not skip the walk.")
        pytest.skip("Chromium is missing (Debian's package “chromium”)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=SECONDS * 1000)
        yield browser
        browser.close()


@pytest.fixture(
    params=[pytest.param("de", marks=pytest.mark.postgresql), pytest.param("tr", marks=pytest.mark.sqlite)]
)
def desk(
    request: pytest.FixtureRequest, chromium: Browser, product: Product, pictures: Path | None
) -> Iterator[Desk]:
    """An organiser who has signed in: in German on the one database, in Turkish on the other."""
    organiser = Desk(chromium, product, language=request.param, pictures=pictures)
    organiser.sign_in()
    yield organiser
    organiser.close()


@pytest.fixture
def pictures() -> Path | None:
    """Where to keep a picture of each page, if anywhere: PICTURES names a directory."""
    if not (directory := os.environ.get("PICTURES")):
        return None
    path = Path(directory)
    path.mkdir(parents=True, exist_ok=True)
    return path
