from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches

from tests.registration_pages.helpers import Visitor, visit
from tests.security import addresses
from tests.world import World

# What a browser is told is the same on either database.
collect_ignore = ["test_policy_in_the_browser.py"] if os.environ.get("TEST_DATABASE_URL") else []
PASSWORD = "a long enough password"


@pytest.fixture
def whole(world: World, settings, tmp_path) -> Iterator[World]:  # type: ignore[no-untyped-def]
    """Everything exists and every address is switched on."""
    # Read before anything is switched on: else it would keep the mailbox's address for every test that follows.
    importlib.import_module("conference.urls")
    settings.DEMO_MAILBOX_DIR = tmp_path
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:password"}
    settings.ROOT_URLCONF = "tests.security.every_url"
    importlib.import_module("tests.security.every_url")
    addresses.complete(world)
    clear_url_caches()
    yield world
    sys.modules.pop("tests.security.every_url")
    sys.modules.pop("conference.mailbox.urls", None)
    clear_url_caches()


@pytest.fixture
def participant(whole: World) -> Visitor:
    """Somebody registered, confirmed and given access details."""
    from tests.world import register

    return visit(register(whole.own, status="confirmed").participant)


@pytest.fixture
def organiser(whole: World) -> Client:
    """The operator, who has just typed the password: so the pages about second factors open as well."""
    client = Client(headers={"accept-language": "de"})
    answer = client.post("/accounts/login/", {"login": whole.boss.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client
