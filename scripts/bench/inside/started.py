"""Makes the tables of a site that startproject left, and prints the cookies of an operator who has signed in there."""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

from . import answer, ready

ready()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client


def cookies() -> dict[str, str]:
    call_command("migrate", verbosity=0)
    user, _is_new = get_user_model()._default_manager.get_or_create(
        username="operator", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user)
    return {name: morsel.value for name, morsel in client.cookies.items()}


if __name__ == "__main__":
    answer(cookies())
