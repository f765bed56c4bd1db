"""Error pages in the reader's language (LocaleMiddleware has chosen it from the path by then)."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = structlog.get_logger(__name__)
# What allauth's own limits last at most; it does not say which one was reached.
SIGN_IN_SECONDS = 300


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def not_allowed(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    """The address of a button, opened by itself: Django answers with an empty page."""
    page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
    page.headers["Allow"] = refusal.headers["Allow"]
    page.headers["Cache-Control"] = "no-store"
    return page


def too_busy(request: HttpRequest) -> HttpResponse:
    """RFC 9110, section 15.6.4: in a moment one may try again."""
    response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = "2"
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many_requests(request: HttpRequest, *, seconds: int = SIGN_IN_SECONDS) -> HttpResponse:
    """RFC 6585, section 4: after `seconds` one may try again."""
    log.warning("too many attempts", route=request.resolver_match.route if request.resolver_match else None)
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
