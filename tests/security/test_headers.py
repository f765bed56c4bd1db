"""What every answer tells the browser, and what no answer tells anybody."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from conference.public_bytes.answers import CACHE_CONTROL
from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from tests.registration_pages.helpers import Visitor
from tests.security.protections import wrong
from tests.world import World

METHODS = ["put", "patch", "delete", "trace"]


def test_refusals_and_errors_carry_them_too(whole: World) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    answers = [
        client.get("/de/no/such/page/"), client.get("/de/%00/"), client.post("/de/link/"),
        client.put("/de/"), client.get("/", headers={"host": "evil.example"}), client.get("/admin/x?%00"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404, 400, 403, 405, 400, 400]
    assert [wrong("", answer) for answer in answers] == [[]] * 6


def test_personal_pages_are_kept_by_nobody_and_tell_no_other_site_where_they_are(
    participant: Visitor, organiser: Client
) -> None:
    link, unsubscribe = token_of(link=participant.link), unsubscribe_token(link=participant.link)
    pages = ["register/", "my/", "my/data/", "my/data/erase/", "invitation/decline/", "link/", "link/sent/"]
    answers = {page: participant.get(page) for page in pages}
    tokens = {page: participant.get(page) for page in (f"invitation/{link}/", f"unsubscribe/{unsubscribe}/")}
    desk = {
        page: organiser.get(page)
        for page in ("/admin/", "/admin/registration/participant/", "/accounts/password/change/")
    }

    everything = [*answers.values(), *tokens.values(), *desk.values()]
    assert [answer.status_code for answer in everything] == [200] * 7 + [303, 200] + [200, 200, 200]
    kept = [a.headers.get("Cache-Control", "") for a in everything]
    assert [policy for policy in kept if "no-store" not in policy] == []
    assert {answer.headers["Referrer-Policy"] for answer in answers.values()} == {"same-origin"}
    assert {answer.headers["Referrer-Policy"] for answer in tokens.values()} == {"no-referrer"}


@pytest.mark.parametrize("page", ["", "programme/", "speakers/", "workshops/own/", "privacy/", "imprint/"])
def test_a_public_page_is_the_same_for_everybody_and_takes_nothing_from_the_request(
    whole: World, participant: Visitor, organiser: Client, page: str
) -> None:
    poison = {
        "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/evil",
        "x-original-url": "/evil", "x-rewrite-url": "/evil", "forwarded": "host=evil.example",
        "origin": "https://evil.example", "referer": "https://evil.example", "user-agent": "evil.example",
    }  # fmt: skip
    address = f"/de/{page}"
    answers = [
        Client(headers=poison).get(f"{address}?evil=evil.example", SCRIPT_NAME=""),
        participant.client.get(address),
        organiser.get(address),
        Client(headers={"accept-language": "tr"}).get(address),
    ]

    assert len({answer.content for answer in answers}) == 1
    assert b"evil" not in answers[0].content
    assert [answer.cookies for answer in answers] == [{}] * 4
    assert [answer.headers["Cache-Control"] for answer in answers] == [CACHE_CONTROL] * 4
    assert ["Cookie" in answer.headers.get("Vary", "") for answer in answers] == [False] * 4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", ["/", "/de/", "/de/my/", "/admin/", "/accounts/login/", "/robots.txt"])
def test_other_methods_reach_no_page(client: Client, db: None, method: str, address: str) -> None:
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", ""])
def test_a_foreign_host_is_refused(client: Client, whole: World, host: str) -> None:
    answer = client.get("/de/", headers={"host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_probes_and_error_pages_tell_nothing_about_the_inside(whole: World) -> None:
    client = Client(raise_request_exception=False)
    said = {
        address: client.get(address).content.decode()
        for address in ("/health/live", "/health/ready", "/de/nowhere/", "/de/%00/", "/admin/nowhere/")
    }

    assert said["/health/live"] == '{"status": "live"}'
    assert re.sub(r"[\d.]+|null", "0", said["/health/ready"]) == (
        '{"status": "degraded", "checks": {"database": {"ok": true, "pending_migrations": 0}, '
        '"broker": {"ok": true}, "worker": {"ok": false, "seconds_since_heartbeat": 0}, '
        '"disk": {"ok": true, "free_percent": 0}, "outbox": {"ok": true, "oldest_unsent_seconds": 0}}}'
    )
    for page in said.values():
        for inside in ("Django", "Traceback", "urlpattern", "sqlite", "postgres", "/work", "site-packages"):
            assert inside not in page


def test_whoever_finds_a_weakness_knows_whom_to_tell(whole: World, client: Client) -> None:
    answer = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    ahead = dt.datetime.fromisoformat(fields.pop("Expires")) - timezone.now()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert dt.timedelta(days=90) < ahead < dt.timedelta(days=365)
    assert fields == {
        "Contact": f"mailto:{whole.conference.contact_email}",
        "Preferred-Languages": "de, tr, en",
        "Canonical": "http://testserver/.well-known/security.txt",
    }


def test_before_a_conference_is_named_the_senders_address_is_the_contact(client: Client, db: None) -> None:
    assert (
        "Contact: mailto:vorkonferenz@example.org\n"
        in client.get("/.well-known/security.txt").content.decode()
    )


@pytest.mark.parametrize("address", ["/.well-known/security.txt", "/robots.txt", "/service-worker.js"])
def test_the_sites_own_files_are_one_for_every_cache(client: Client, db: None, address: str) -> None:
    answers = [client.get(address, headers={"accept-language": language}) for language in ("tr", "en")]

    assert ["Vary" in answer for answer in answers] == [False] * 2
    assert answers[0].content == answers[1].content


def test_search_engines_are_asked_to_leave_personal_pages_alone(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[:3] == ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/"]
    assert {"Disallow: /de/my/", "Disallow: /tr/invitation/", "Disallow: /en/unsubscribe/"} <= set(lines)
