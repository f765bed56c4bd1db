"""Organisers' accounts: who may have one, and where they are led after signing in."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class OrganisersAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: organisers are entered in the admin, participants have no account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
