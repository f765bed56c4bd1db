"""Addresses that only lead on: to the reader's language, to the account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

DEFAULT_LANGUAGE = "de"


@require_safe
def to_language(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(f"/{preferred_language(request.headers.get('Accept-Language', ''))}/")
    patch_vary_headers(response, ["Accept-Language"])
    patch_cache_control(response, public=True, max_age=300)
    return response


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return redirect("mfa_index" if request.user.is_authenticated else "account_login")


def preferred_language(accept_language: str) -> str:
    """The reader's first language that we have, "de" where they want none of ours."""
    ours = dict(settings.LANGUAGES)
    for wanted, _quality in parse_accept_lang_header(accept_language.lower()):
        if (language := wanted.split("-")[0]) in ours:
            return language
    return DEFAULT_LANGUAGE
