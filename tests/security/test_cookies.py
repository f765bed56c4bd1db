"""Cookies as production sets them, behind a proxy that ends TLS."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from conference.data_dir import ROOT
from registration.domain.tokens import token_of
from tests.conference.production import ENVIRONMENT
from tests.registration_pages.helpers import Visitor
from tests.world import World

NAMES = ["SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_", "SECURE_", "MESSAGE_STORAGE"]
PRINT = f"""
import json
from django.conf import settings
names = [name for name in dir(settings) if name.startswith(tuple({NAMES!r}))]
print(json.dumps({{name: getattr(settings, name) for name in names}}))
"""
THROUGH_THE_PROXY = {"x-forwarded-proto": "https"}


@pytest.fixture
def production(settings) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    """What production says about cookies and TLS, here."""
    result = subprocess.run(
        [sys.executable, "-c", PRINT], env=ENVIRONMENT, cwd=ROOT, capture_output=True, check=True
    )
    values: dict[str, Any] = json.loads(result.stdout)
    values["SECURE_PROXY_SSL_HEADER"] = tuple(values["SECURE_PROXY_SSL_HEADER"])
    for name, value in values.items():
        setattr(settings, name, value)
    return values


def test_every_cookie_is_bound_to_this_host_and_to_tls(
    whole: World, participant: Visitor, production: dict[str, Any]
) -> None:
    person, organiser = Client(headers=THROUGH_THE_PROXY), Client(headers=THROUGH_THE_PROXY)
    person.get(f"/de/invitation/{token_of(link=participant.link)}/")
    page = person.get("/de/register/")
    person.post("/de/my/cancel/own/")
    organiser.post("/accounts/login/", {"login": whole.boss.email, "password": "a long enough password"})
    organiser.post("/admin/language/", {"language": "tr", "next": "/admin/"})
    organiser.get("/accounts/password/change/")

    cookies = [*person.cookies.values(), *organiser.cookies.values()]
    assert page.status_code == 200
    assert {cookie.key for cookie in cookies} == {"__Host-sessionid", "__Host-csrftoken", "__Host-language"}
    assert {(c["secure"], c["httponly"], c["samesite"], c["path"], c["domain"]) for c in cookies} == {
        (True, True, "Lax", "/", "")
    }


def test_without_tls_there_is_nothing_but_the_way_to_it(whole: World, production: dict[str, Any]) -> None:
    plain = Client().get("/de/my/?a=b")
    forged = Client(headers={"x-forwarded-ssl": "on", "x-url-scheme": "https"}).get("/de/my/")
    tls = Client(headers=THROUGH_THE_PROXY).get("/de/my/")

    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/de/my/?a=b")
    assert (forged.status_code, tls.status_code) == (301, 403)
    assert tls["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert Client().get("/health/live").status_code == 200


def test_a_session_of_production_ends_with_the_browser_or_the_day(production: dict[str, Any]) -> None:
    assert (production["SESSION_COOKIE_AGE"], production["SECURE_CONTENT_TYPE_NOSNIFF"]) == (43_200, True)
    assert production["MESSAGE_STORAGE"].endswith("SessionStorage")
