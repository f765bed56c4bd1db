"""Organisers' accounts: who may have one, and where they are led after signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest

from conference.account_mail import send_soon
from conference.client_address import client_ip


class OrganisersAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: organisers are entered in the admin, participants have no account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        request = allauth_context.request
        about = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        send_soon(self.render_mail(template_prefix, email, about))
