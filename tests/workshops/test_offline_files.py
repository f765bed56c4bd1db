"""What a browser needs to read the schedule without a network, and with how little it is drawn."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client
from fontTools.ttLib import TTFont

from workshops.models import Conference

STATIC = Path(settings.ROOT) / "static"


@pytest.mark.django_db
def test_the_service_worker_serves_from_the_root_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.content == (STATIC / "koprue" / "service-worker.js").read_bytes()


def test_it_touches_public_pages_only(db: None) -> None:
    source = (STATIC / "koprue" / "service-worker.js").read_text()
    found = re.search(r"PUBLIC =\s*/(.+)/;", source)
    assert found
    public = re.compile(found[1].replace(r"\/", "/"))
    kept = [
        "/de/",
        "/tr/programme/",
        "/en/now/",
        "/de/workshops/digitale-stadt/",
        "/de/speakers/",
        "/tr/speakers/ayse/",
    ]
    never = [
        "/", "/admin/", "/accounts/login/", "/de/my/", "/de/my/data/", "/de/register/", "/de/link/", "/mailbox/",
        "/de/invitation/abc/", "/de/unsubscribe/abc/", "/de/programme/../my/", "/de/workshops/a/b/", "/health/ready",
        "/de/accessibility/report/",
    ]  # fmt: skip
    assert [path for path in kept if not public.search(path)] == []
    assert [path for path in never if public.search(path)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "name"), [("de", "Testkonferenz"), ("tr", "Deneme konferansı"), ("en", "Köprü")]
)
def test_it_can_be_installed_in_each_language(
    request: pytest.FixtureRequest, client: Client, language: str, name: str
) -> None:
    if name != "Köprü":
        request.getfixturevalue("released")
    data = client.get(f"/{language}/manifest.webmanifest").json()
    assert (data["name"], data["lang"], data["start_url"], data["scope"]) == (
        name,
        language,
        f"/{language}/programme/",
        "/",
    )
    for icon in data["icons"]:
        file = STATIC / icon["src"].removeprefix("/static/")
        assert file.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.django_db
def test_pages_link_the_manifest_and_private_ones_do_not(released: Conference, client: Client) -> None:
    assert b'rel="manifest" href="/de/manifest.webmanifest"' in client.get("/de/programme/").content
    assert b"manifest" not in client.get("/de/link/").content
    assert b"offline.js" not in client.get("/de/link/").content


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(settings.ROOT) / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_design_systems_part_is_what_is_in_use() -> None:
    """Who uses another of its classes or tokens runs scripts/trim_kern.py."""
    assert (STATIC / "koprue" / "kern.css").read_text() == script("trim_kern").trimmed()


@pytest.mark.parametrize("name", ["fira-sans-400", "fira-sans-600", "fira-sans-400-italic"])
def test_each_weight_is_one_small_file_with_both_alphabets(name: str) -> None:
    file = STATIC / "fonts" / f"{name}.woff2"
    letters = TTFont(file).getBestCmap()
    assert [sign for sign in "äöüßÄÖÜẞçÇğĞıİşŞâîûÂÎÛ„“”‘’‚«»‹›–—…·→↔−₺€•" if ord(sign) not in letters] == []
    assert file.stat().st_size < 16_000
