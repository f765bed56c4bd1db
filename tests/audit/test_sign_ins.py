"""Signing in and out, and who may, leave lines in the log that hold keys and no address."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.test import Client
from django.urls import reverse

from conference.models import User
from tests import factories
from tests.world import World
from workshops.models import Membership

PASSWORD = "a long enough password"
LOGIN = "/accounts/login/"


def events(captured: list[Any]) -> list[tuple[str, int | None]]:
    return [(line["event"], line.get("user")) for line in captured if line["event"] != "request"]


def test_signing_in_and_out_is_logged_by_key(world: World, client: Client) -> None:
    member = world.member
    with structlog.testing.capture_logs() as captured:
        client.post(LOGIN, {"login": member.email, "password": "wrong"})
        client.post(LOGIN, {"login": member.email, "password": PASSWORD})
        client.post("/accounts/logout/")
    assert events(captured) == [
        ("sign-in failed", None),
        ("signed in", member.pk),
        ("signed out", member.pk),
    ]
    assert member.email not in str(captured)


def test_changes_of_the_second_factor_are_logged(world: World, rf: Any, client: Client, sign_in: Any) -> None:
    request = rf.get("/")
    request.session = client.session
    factor = Authenticator.objects.create(user=world.member, type="totp", data={})
    sent = {"request": request, "user": world.member, "authenticator": factor}
    operator = sign_in(world.boss)
    with structlog.testing.capture_logs() as captured:
        authenticator_added.send(Authenticator, **sent)
        operator.post(reverse("admin:accounts_secondfactor_delete", args=[factor.pk]), {"post": "yes"})
    assert events(captured) == [
        ("second factor added", world.member.pk),
        ("second factor removed", world.member.pk),
    ]


def test_a_changed_password_is_logged(world: World, client: Client) -> None:
    client.post(LOGIN, {"login": world.member.email, "password": PASSWORD})
    new = "Köprü altında çay 99"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    with structlog.testing.capture_logs() as captured:
        client.post("/accounts/password/change/", data)
    assert events(captured) == [("password changed", world.member.pk)]
    assert User.objects.get(pk=world.member.pk).check_password(new)


def test_memberships_are_logged_with_what_they_open(world: World) -> None:
    user = factories.make_organiser()
    with structlog.testing.capture_logs() as captured:
        row = Membership.objects.create(user=user, conference=world.conference, workshop=world.own)
        row.delete()
    place = {"user": user.pk, "conference": world.conference.pk, "workshop": world.own.pk, "role": "lead"}
    assert [{**line} for line in captured] == [
        {"event": "membership given", "log_level": "warning", **place},
        {"event": "membership withdrawn", "log_level": "warning", **place},
    ]
