"""A public page in the site's frame: addresses in every language, and a page for "nothing published yet"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.cache import add_never_cache_headers

from conference.errors import too_busy
from workshops.domain.programme import Programme
from workshops.domain.release import NothingReleasedError
from workshops.domain.third_clock import third_zone, with_third_clock
from workshops.languages import CODES
from workshops.views.answers import KEPT, BusyError, answer
from workshops.views.choices import NO_CLOCK, asked_clock

Context = dict[str, Any]
# There are hundreds of clocks: each page on each of them for a day would fill the cache for whoever asks for them all.
KEPT_WITH_CLOCK = 5 * 60
_NO_CLOCK = urlencode({"clock": NO_CLOCK})


def public_page(  # noqa: PLR0913 (what a page is made of)
    request: HttpRequest,
    template: str,
    build: Callable[[Programme], Context],
    *,
    query: str = "",
    part: str = "",
    variant: str = "",
    until: dt.datetime | None = None,
) -> HttpResponse:
    """`query` is the part of the query string that decides the page, in one spelling; all else is ignored.

    `part` is the same for what only narrows it down: no search engine needs that as a page of its own, and only the
    process that made it keeps it for a while, since readers may type anything. Every public page takes a third clock
    besides. `until` is when the page changes by the clock alone.
    """
    clock = asked_clock(request)
    chosen = urlencode({"clock": clock}) if clock else ""
    asked = _joined(query, part, chosen)
    path = f"{request.path}?{asked}" if asked else request.path
    plain = f"{request.path}?{query}" if query else request.path

    def render(programme: Programme) -> bytes:
        shown = _with_clock(programme, clock)
        context = {
            "programme": shown,
            "conference": shown.conference,
            "clock": clock,
            "keep": f"?{chosen}" if chosen else "",
            "narrowed": _joined(part, chosen),
            "without_clock": f"{request.path}?{_joined(query, part, _NO_CLOCK)}",
            **build(shown),
        }
        return render_frame(request, template, path, context, plain=plain).encode()

    kept = 0 if part else KEPT_WITH_CLOCK if clock else KEPT
    try:
        return answer(
            request,
            render=render,
            variant=f"{asked}\n{variant}",
            asked=asked,
            until=until,
            kept=kept,
            is_typed=bool(part or clock),
        )
    except NothingReleasedError:
        return nothing_released(request)
    except BusyError:
        return too_busy(request)


def _joined(*parts: str) -> str:
    return "&".join(filter(None, parts))


def _with_clock(programme: Programme, clock: str) -> Programme:
    if clock in {"", NO_CLOCK}:
        return programme
    return with_third_clock(programme=programme, zone=third_zone(name=clock))


def render_frame(request: HttpRequest, template: str, path: str, context: Context, *, plain: str = "") -> str:
    """Without the request's context processors: a page for everybody has no user, no messages, no token.

    `plain` is the address under which search engines shall know the page.
    """
    frame = {"request": request, "page_path": path, **_addresses(plain or path)}
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
