"""Who asks too often is told so on a page for people, and is known by an address that cannot be forged."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override

from conference.client_address import client_address
from conference.settings.base import redis
from registration.domain.unsubscribe import unsubscribe_token
from registration.throttle import count
from tests.registration_pages.helpers import Visitor, says
from tests.world import World

Try = Callable[[int, str], HttpResponse]
LANGUAGES = ["de", "tr", "en"]


def attempts(name: str, participant: Visitor, client: Client) -> tuple[Try, int]:
    """One attempt at a form, by its number and in a language; and how many are answered."""
    unsubscribe = f"unsubscribe/{unsubscribe_token(link=participant.link)}/"
    forms: dict[str, tuple[str, dict[str, str], int]] = {
        "link": ("/{}/link/", {"email": "nobody@example.org"}, 30),
        "barrier": ("/{}/accessibility/report/", {"description": ""}, 10),
        "unsubscribe": ("/{}/" + unsubscribe, {}, 5),
        "register": ("/{}/register/", {"first_name": ""}, 5),
        "sign-in": ("/accounts/login/", {"login": "{}@example.org", "password": "x"}, 30),
        "password-reset": ("/accounts/password/reset/", {"email": "{}@example.org"}, 20),
    }
    address, data, limit = forms[name]

    def attempt(number: int, language: str) -> HttpResponse:
        sent = {key: value.format(f"somebody{number}") for key, value in data.items()}
        return client.post(address.format(language), sent, headers={"accept-language": language})

    return attempt, limit


@pytest.mark.parametrize("name", ["link", "barrier", "unsubscribe", "register", "sign-in", "password-reset"])
def test_too_many_attempts_get_a_page_that_says_so(participant: Visitor, name: str) -> None:
    client = participant.client if name == "register" else Client()
    for who, times in (("127.0.0.1", 295), (str(participant.link.pk), 55)):
        for _ in range(times):
            count("unsubscribe" if times == 295 else "register", who, seconds=600)
    attempt, limit = attempts(name, participant, client)

    answered = {attempt(number, "en").status_code for number in range(limit)}
    refused = {language: attempt(limit, language) for language in LANGUAGES}

    assert 429 not in answered
    assert [answer.status_code for answer in refused.values()] == [429] * 3
    assert [says(refused[language], "Too many attempts", language) for language in LANGUAGES] == [True] * 3
    assert all(0 < int(answer["Retry-After"]) <= 600 for answer in refused.values())
    assert all("no-store" in answer["Cache-Control"] for answer in refused.values())


def test_guessing_one_accounts_password_is_stopped_from_wherever_it_is_tried(whole: World) -> None:
    right = {"login": whole.boss.email, "password": "a long enough password"}
    for number in range(5):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/accounts/login/", {**right, "password": "wrong"})

    client = Client(REMOTE_ADDR="198.51.100.99")
    client.post("/accounts/login/", right)

    assert client.get("/admin/").status_code == 302


def test_guessing_the_second_factor_is_stopped(whole: World) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(whole.boss, generate_totp_secret())
    codes = RecoveryCodes.activate(whole.boss).get_unused_codes()
    client = Client()
    client.post("/accounts/login/", {"login": whole.boss.email, "password": "a long enough password"})

    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert client.get("/admin/").status_code == 302


def address_of(forwarded: str | None, came_from: str = "203.0.113.9") -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=came_from, headers=headers))


def test_a_forged_address_is_ignored_where_no_proxy_is_named() -> None:
    assert address_of("198.51.100.1") == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (2, "6.6.6.6", "203.0.113.9"),
        (1, None, "203.0.113.9"),
        (1, "rubbish", "unknown"),
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "6.6.6.6, 2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
    ],
)
def test_behind_proxies_the_entry_of_the_outermost_counts(settings, proxies, forwarded, counted) -> None:  # type: ignore[no-untyped-def]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    assert address_of(forwarded) == counted


def test_ipv6_is_counted_by_network() -> None:
    assert {address_of(None, f"2001:db8:7:9:{number:x}::1") for number in range(9)} == {"2001:db8:7:9::"}
    assert address_of(None, "2001:db8:7:a::1") == "2001:db8:7:a::"


@pytest.mark.django_db
def test_a_forged_address_does_not_lengthen_the_limit(whole: World) -> None:
    client = Client()

    statuses = [
        client.post(
            "/de/link/", {"email": ""}, headers={"x-forwarded-for": f"198.51.100.{number}"}
        ).status_code
        for number in range(31)
    ]

    assert statuses == [422] * 30 + [429]


def test_while_valkey_is_away_pages_work_and_the_limit_goes_on(whole: World, settings) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.CACHES = redis(f"redis://127.0.0.1:{port}/0")["CACHES"]
    client = Client()

    statuses = [client.post("/de/link/", {"email": ""}).status_code for _ in range(31)]
    signed_in = client.post(
        "/accounts/login/", {"login": whole.boss.email, "password": "a long enough password"}
    )

    assert (statuses, signed_in.status_code) == ([422] * 30 + [429], 302)


def test_the_page_of_a_limit_speaks_every_language(client: Client, db: None) -> None:
    from django.template.loader import render_to_string

    pages = {}
    for language in LANGUAGES:
        with override(language):
            pages[language] = render_to_string("429.html")

    assert len(set(pages.values())) == 3
