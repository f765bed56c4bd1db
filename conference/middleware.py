"""What every request passes: a line in the log that names nobody, headers for the browser, and refusals of what no
honest request has.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from conference.errors import not_allowed
from conference.log_context import FIELDS
from conference.logs import write_line

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# What machines ask every few seconds.
_PROBES = frozenset({"health/live", "health/ready", "metrics"})
# Whoever asks may call their method as they like; in a line or a label that is no word of ours.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"})
Handler = Callable[[HttpRequest], HttpResponse]
Counter = Callable[[str, str | None, int, float], None]


class RequestLog:
    """Logs route, status and duration under a request id, and counts them for /metrics.

    The route, never the path: a path may hold a personal link. Every page passes here, those kept as bytes as well:
    what it does is measured in millionths of a second.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.count = _counter()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Not `request.headers`, which makes a dictionary of all of them.
        given = request.META.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _REQUEST_ID.fullmatch(given) else os.urandom(16).hex()
        FIELDS.set({"request_id": request_id})
        started = time.perf_counter()
        response = self.get_response(request)
        self._tell(request, response.status_code, time.perf_counter() - started)
        response.headers["X-Request-ID"] = request_id
        return response

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else None
        if route in _PROBES:
            return
        method = request.method if request.method in _METHODS else "other"
        write_line(
            "request",
            logger=__name__,
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000),
        )
        if self.count:
            self.count(method, route, status, seconds)


def _counter() -> Counter | None:
    """None where nobody may ask for the figures: then nothing is counted, and the library takes no memory."""
    if not settings.METRICS_TOKEN:
        return None
    from conference.metrics.requests import count_request  # noqa: PLC0415

    return count_request


class BrowserHeaders:
    """What Django has no setting for: features no page of ours uses, who may embed and who may keep what we send."""

    FEATURES = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb")
    PASSKEYS = ("publickey-credentials-create", "publickey-credentials-get")
    POLICY = ", ".join([*(f"{name}=()" for name in FEATURES), *(f"{name}=(self)" for name in PASSKEYS)])

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Whatever does not say that it is for everybody is for nobody but this reader, now.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class KnownMethods:
    """Views ask whether it is a POST and take everything else for reading: so nothing else may come in."""

    METHODS = ("GET", "HEAD", "POST", "OPTIONS")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.METHODS:
            return HttpResponseNotAllowed(self.METHODS)
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            # Its length is told; gunicorn would drop the body itself, with a warning for each.
            response.content = b""
        return response


class RefuseNullBytes:
    """PostgreSQL stores no null byte and answers one with an error; no honest address has any."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("null byte")
        return self.get_response(request)


class ReadToTheEnd:
    """Reads what a refused request still sends, within reason.

    A server that answers and closes while the browser sends makes the browser report a broken connection:
    whoever pasted a book into a field would never see the page that says so.
    """

    CHUNK, AT_MOST = 65_536, 32_000_000

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            self._discard(request)
        return response

    def _discard(self, request: HttpRequest) -> None:
        left = self.AT_MOST
        with contextlib.suppress(UnreadablePostError):
            while left > 0 and (chunk := request.read(self.CHUNK)):
                left -= len(chunk)


class RefusedMethods:
    """Somebody who opens the address of a button (reloaded, or come back to after signing in) gets a page to read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_empty = isinstance(response, HttpResponseNotAllowed) and not response.content
        return not_allowed(request, response) if is_empty and request.method == "GET" else response
