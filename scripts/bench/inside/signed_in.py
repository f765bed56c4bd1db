"""An operator who has signed in with password and second factor, as a session and as a test client."""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

from . import answer, ready

ready()

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.test import Client

HOST = "conference.example"


def operator() -> Client:
    user, is_new = get_user_model()._default_manager.get_or_create(
        email="operator@measured.example",
        defaults={"username": "operator@measured.example", "is_staff": True, "is_superuser": True},
    )
    if is_new:
        totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client(headers={"host": HOST, "accept-language": "de", "x-forwarded-proto": "https"})
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return client


if __name__ == "__main__":
    answer({name: morsel.value for name, morsel in operator().cookies.items()})
