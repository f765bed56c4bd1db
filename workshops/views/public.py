"""A public page in the site's frame: addresses in every language, and a page for "nothing published yet"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.cache import add_never_cache_headers

from workshops.domain.programme import Programme
from workshops.domain.release import NothingReleasedError
from workshops.languages import CODES
from workshops.views.answers import answer

Context = dict[str, Any]


def public_page(
    request: HttpRequest,
    template: str,
    build: Callable[[Programme], Context],
    *,
    query: str = "",
    variant: str = "",
) -> HttpResponse:
    """`query` is the part of the query string that decides the page, in one spelling; all else is ignored."""
    path = f"{request.path}?{query}" if query else request.path

    def render(programme: Programme) -> bytes:
        context = {"programme": programme, "conference": programme.conference, **build(programme)}
        return render_frame(request, template, path, context).encode()

    try:
        return answer(request, render=render, variant=f"{query}\n{variant}")
    except NothingReleasedError:
        return nothing_released(request)


def render_frame(request: HttpRequest, template: str, path: str, context: Context) -> str:
    """Without the request's context processors: a page for everybody has no user, no messages, no token."""
    frame = {"request": request, "page_path": path, **_addresses(path)}
    return render_to_string(template, {**frame, **context})


def _addresses(path: str) -> Context:
    """Absolute, as search engines want them; the host is our own setting, never the request's header."""
    base = settings.BASE_URL
    return {
        "canonical": f"{base}{path}",
        "alternates": [(code, f"{base}{translate_url(path, code)}") for code in CODES],
    }


def nothing_released(request: HttpRequest) -> HttpResponse:
    """An honest first page of a site whose organisers are still at work."""
    html = render_frame(request, "workshops/nothing_released.html", request.path, {})
    response = HttpResponse(html)
    add_never_cache_headers(response)
    return response
