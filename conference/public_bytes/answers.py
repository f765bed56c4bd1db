"""An answer for everybody, as a view gives it and as it leaves the house.

A view answers with a PublicAnswer. What all the middleware made of it is kept as it is; only the request's id, and
whether the reader has the page already, differ from one reader to the next.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags

from conference.public_bytes.encodings import PLAIN, Bodies, body_for

# A browser asks again after 2 s; a cache in between (s-maxage) may be a little older, and much older only while it
# waits for us or we are away. RFC 9111, RFC 5861.
CACHE_CONTROL = "public, max-age=2, s-maxage=5, stale-while-revalidate=10, stale-if-error=300"
# RFC 9110, section 15.4.5: what goes with "unchanged", the date only where there is no tag. Policies
# are part of the tag.
_OF_UNCHANGED = {"cache-control", "etag", "vary"}
_ASKED_BEFORE = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
NEVER = math.inf
Lines = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Public:
    """What a view says of its answer.

    `tag` is an opaque tag without quotes. `asked` is what of the query string decided it, in one spelling. `until` is
    when it changes by the clock alone (seconds since 1970). `is_typed`: readers can make any number of such pages.
    """

    bodies: Bodies
    tag: str
    asked: str = ""
    until: float = NEVER
    is_typed: bool = False


class PublicAnswer(HttpResponse):
    """Depends on nothing of the request but its path, and of its query string on what `public.asked` names."""

    def __init__(self, public: Public, *, content_type: str) -> None:
        super().__init__(body_for(public.bodies, (PLAIN,))[1], content_type=content_type)
        self.public = public
        self.headers["Cache-Control"] = CACHE_CONTROL


class SameForAll(HttpResponse):
    """Not kept here, yet neither the reader nor their language decides it."""


class _Ready(HttpResponse):
    """Made of what is kept without looking at it again: a check of each header would cost more than all the rest."""

    def __init__(self, status: int, lines: Lines, body: bytes) -> None:
        self.status_code = status
        self.headers = ResponseHeaders.__new__(ResponseHeaders)
        self.headers._store = lines.copy()
        self.cookies = SimpleCookie()
        self.closed = False
        self._charset = self._handler_class = self._reason_phrase = None
        self._resource_closers: list[Any] = []
        self._container = [body]

    def items(self) -> Any:
        return self.headers._store.values()


class Kept:
    """A finished answer in one coding."""

    __slots__ = (
        "_body",
        "_changed_at",
        "_lines",
        "_lines_unchanged",
        "_tag",
        "_tags",
        "match",
        "stamp",
        "until",
    )

    def __init__(
        self,
        response: PublicAnswer,
        *,
        stamp: str | None,
        wanted: tuple[str, ...],
        match: ResolverMatch | None,
    ) -> None:
        public = response.public
        coding, self._body = body_for(public.bodies, wanted)
        # Weak where compressed: the bytes are others, the page is the same (RFC 9110, section 8.8.1).
        self._tag = f'W/"{public.tag}"' if coding else f'"{public.tag}"'
        self._tags = {f'"{public.tag}"', f'W/"{public.tag}"'}
        # When it was first seen here, not when somebody made it: a page may become again what it was an hour ago, and
        # whoever asks by date alone has seen another one since.
        self._changed_at = int(time.time())
        self.stamp, self.until, self.match = stamp, public.until, match
        self._lines = self._all_lines(response, coding)
        self._lines_unchanged = {key: line for key, line in self._lines.items() if key in _OF_UNCHANGED}

    @property
    def size(self) -> int:
        """Bytes, with what Python and the headers need besides."""
        return len(self._body) + 4_000

    def _all_lines(self, response: PublicAnswer, coding: str) -> Lines:
        headers = response.headers
        headers["ETag"] = self._tag
        headers["Last-Modified"] = http_date(self._changed_at)
        headers["Content-Length"] = str(len(self._body))
        # Nothing else of a request decides it, whatever middleware fears in general.
        headers.pop("Vary", None)
        if PLAIN not in response.public.bodies:
            headers["Vary"] = "Accept-Encoding"
        if coding:
            headers["Content-Encoding"] = coding
        return {name.lower(): (name, value) for name, value in headers.items()}

    def answer(self, request: HttpRequest) -> HttpResponse:
        """What this reader gets: all of it, or that they have it already."""
        meta = request.META
        asked = [name for name in _ASKED_BEFORE if name in meta]
        if not asked:
            return self._whole(request)
        if asked == ["HTTP_IF_NONE_MATCH"]:
            known = meta["HTTP_IF_NONE_MATCH"]
            has_it = (
                known in self._tags or not self._tags.isdisjoint(parse_etags(known)) or known.strip() == "*"
            )
            return self._unchanged() if has_it else self._whole(request)
        return self._as_django_says(request)

    def _as_django_says(self, request: HttpRequest) -> HttpResponse:
        said = get_conditional_response(request, etag=self._tag, last_modified=self._changed_at)
        if said is None:
            return self._whole(request)
        if said.status_code == HTTPStatus.NOT_MODIFIED:
            return self._unchanged()
        lines = {**self._lines_unchanged, "cache-control": ("Cache-Control", "no-store")}
        return _Ready(said.status_code, lines, b"")

    def _whole(self, request: HttpRequest) -> HttpResponse:
        return _Ready(HTTPStatus.OK.value, self._lines, b"" if request.method == "HEAD" else self._body)

    def _unchanged(self) -> HttpResponse:
        return _Ready(HTTPStatus.NOT_MODIFIED.value, self._lines_unchanged, b"")
