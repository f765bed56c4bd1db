"""Where a second factor is required, no address of the admin opens for a session without one."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse, set_script_prefix
from django.urls.converters import UUIDConverter
from django.urls.resolvers import RegexPattern

from conference.models import User
from tests import factories
from tests.world import World
from workshops.models import Workshop

PASSWORD = "a long enough password"
SET_UP = "/accounts/2fa/"
STAYS_OPEN = {"admin:logout", "admin:set_language", "admin:login"}


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.ADMIN_REQUIRES_SECOND_FACTOR = True
    # A code counts for half a minute, which may end on its way.
    settings.MFA_TOTP_TOLERANCE = 1


def admin_addresses() -> list[tuple[str, str]]:
    """Every named address of the admin site, with something in each of its gaps."""
    found = []
    for pattern in _patterns(admin.site.get_urls()):
        names = {name: _filler(pattern, name) for name in _gaps(pattern)}
        names |= {"app_label": "workshops"} if "app_label" in names else {}
        if pattern.name:
            found.append((f"admin:{pattern.name}", names))
    return [(name, _reverse(name, values)) for name, values in found]


def _filler(pattern: URLPattern, name: str) -> str:
    if isinstance(pattern.pattern, RegexPattern):
        return "x"
    return str(uuid.uuid4()) if isinstance(pattern.pattern.converters[name], UUIDConverter) else "1"


def _patterns(patterns: list[Any]) -> list[URLPattern]:
    flat: list[URLPattern] = []
    for pattern in patterns:
        flat += _patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return flat


def _gaps(pattern: URLPattern) -> list[str]:
    return list(pattern.pattern.converters) or list(getattr(pattern.pattern, "regex", None).groupindex)


def _reverse(name: str, values: dict[str, str]) -> str:
    return reverse(name, kwargs=values) if values else reverse(name)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def set_up_app(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def recovery_code(user: User) -> str:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return str(RecoveryCodes(row).get_unused_codes()[0])


@pytest.mark.parametrize("who", ["member", "boss"])
def test_no_address_of_the_admin_opens_with_the_password_alone(world: World, who: str) -> None:
    client = signed_in(getattr(world, who))
    addresses = [(name, url) for name, url in admin_addresses() if name not in STAYS_OPEN]
    assert len(addresses) > 60
    answers = {(name, client.get(url).get("Location")) for name, url in addresses}
    assert answers == {(name, SET_UP) for name, _url in addresses}
    assert {client.post(url, {"post": "yes"}).get("Location") for _name, url in addresses} == {SET_UP}


def test_nor_where_the_site_is_served_under_a_prefix(world: World) -> None:
    client = signed_in(world.boss)
    set_script_prefix("/conference/")
    try:
        answer = client.get("/admin/workshops/workshop/", SCRIPT_NAME="/conference")
    finally:
        set_script_prefix("/")
    assert (answer.status_code, answer["Location"]) == (302, f"/conference{SET_UP}")


def test_what_is_sent_to_the_admin_changes_nothing(world: World) -> None:
    client = signed_in(world.boss)
    client.post(reverse("admin:workshops_workshop_delete", args=[world.own.pk]), {"post": "yes"})
    client.post(reverse("admin:workshops_release_add"), {"conference": world.conference.pk, "note": "x"})
    assert (Workshop.objects.count(), world.conference.releases.count()) == (2, 1)


def test_one_is_told_what_to_do_and_the_way_out_stays_open(world: World) -> None:
    client = signed_in(world.member)
    page = client.get("/admin/", follow=True)
    assert "Please set up a second step for signing in first" in page.content.decode()
    for url in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/password/change/"):
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.get(url).status_code == 200
    switched = client.post(reverse("admin:set_language"), {"language": "tr", "next": "/accounts/2fa/"})
    assert switched["Location"] == "/accounts/2fa/"
    client.post(reverse("admin:logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_the_session_that_sets_up_the_first_factor_enters(world: World) -> None:
    client = signed_in(world.member)
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_signing_in_with_the_second_factor_enters(world: World) -> None:
    set_up_app(signed_in(world.member))
    client = signed_in(world.member)
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    client.post("/accounts/2fa/authenticate/", {"code": recovery_code(world.member)})
    assert client.get("/admin/").status_code == 200


def test_a_session_from_before_is_asked_for_the_code_and_then_enters(world: World) -> None:
    before = signed_in(world.member)
    set_up_app(signed_in(world.member))
    page = reverse("admin:workshops_workshop_changelist")
    asked = before.get(f"{page}?q=x")
    assert asked["Location"] == f"/accounts/2fa/reauthenticate/?next={page.replace('/', '%2F')}%3Fq%3Dx"
    assert before.get(asked["Location"]).status_code == 200
    answer = before.post(asked["Location"], {"code": recovery_code(world.member)})
    assert answer["Location"] == f"{page}?q=x"
    assert before.get(page).status_code == 200


@pytest.mark.parametrize(
    "page", ["totp/activate/", "totp/deactivate/", "webauthn/add/", "webauthn/", "recovery-codes/"]
)
def test_a_session_from_before_changes_no_factor_with_the_password_alone(world: World, page: str) -> None:
    before = signed_in(world.member)
    set_up_app(signed_in(world.member))
    before.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for answer in (before.get(SET_UP + page), before.post(SET_UP + page, {})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert Authenticator.objects.filter(user=world.member, type="totp").count() == 1


def test_a_factor_added_beside_another_does_not_speak_for_the_session(world: World, rf: Any) -> None:
    from allauth.mfa.signals import authenticator_added

    from conference.second_factor import is_confirmed

    Authenticator.objects.create(user=world.member, type="totp", data={})
    client = signed_in(factories.make_organiser(world.own))
    request = rf.get("/admin/")
    request.session, request.user = client.session, world.member
    second = Authenticator.objects.create(user=world.member, type="webauthn", data={})
    authenticator_added.send(Authenticator, request=request, user=world.member, authenticator=second)
    assert is_confirmed(request) is False


def test_a_removed_factor_closes_the_admin_again(world: World) -> None:
    client = signed_in(world.member)
    set_up_app(client)
    Authenticator.objects.filter(user=world.member).delete()
    assert client.get("/admin/")["Location"] == SET_UP


def test_recovery_codes_alone_are_no_second_factor(world: World) -> None:
    client = signed_in(world.member)
    Authenticator.objects.create(user=world.member, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    assert client.get("/admin/")["Location"] == SET_UP


def test_where_it_is_not_required_the_password_is_enough(world: World, settings: Any) -> None:
    settings.ADMIN_REQUIRES_SECOND_FACTOR = False
    assert signed_in(world.member).get("/admin/").status_code == 200


def test_participants_pages_ask_for_nothing(world: World) -> None:
    client = signed_in(world.member)
    assert client.get("/de/").status_code == 200
