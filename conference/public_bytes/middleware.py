"""Sends public pages before session, language, policy and sign-in are thought of."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from conference.public_bytes.answers import CACHE_CONTROL, Kept, PublicAnswer, SameForAll
from conference.public_bytes.encodings import accepted
from conference.public_bytes.memory import Memory
from conference.public_bytes.views import seen_stamp

# For each process: every page of a large conference in the coding that browsers ask for.
MOST_BYTES, MOST_TYPED_BYTES, LARGEST = 8_000_000, 2_000_000, 1_000_000
MOST_SPELLINGS, LONGEST_SPELLING, MOST_HOSTS = 1_000, 300, 32
Handler = Callable[[HttpRequest], HttpResponse]


class PublicBytes:
    """Outside of everything but the log: what it keeps has passed all that lies further in once.

    It never looks at a cookie, and keeps nothing but the answers of views that say these are for everybody.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._pages: Memory[Kept] = Memory(most=MOST_BYTES)
        # Apart, so that nobody drives the pages out by typing.
        self._typed: Memory[Kept] = Memory(most=MOST_TYPED_BYTES)
        # What a query string comes down to. A view alone knows that; it is the same however often it is asked.
        self._spellings: Memory[str] = Memory(most=MOST_SPELLINGS)
        self._hosts: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and (kept := self._find(request)) is not None:
            # For the log, which names the route and not the path.
            request.resolver_match = kept.match
            return kept.answer(request)
        response = self.get_response(request)
        if isinstance(response, PublicAnswer):
            return self._keep(request, response)
        # For everybody and not kept here, as files too large for it: the reader's language does not decide it either.
        if isinstance(response, SameForAll) or response.headers.get("Cache-Control") == CACHE_CONTROL:
            response.headers.pop("Vary", None)
        return response

    def _find(self, request: HttpRequest) -> Kept | None:
        if (asked := self._asked(request)) is None:
            return None
        key = _key(request, asked)
        kept = self._pages.get(key) or (self._typed.get(key) if asked else None)
        if kept is None or not self._is_ours(request):
            return None
        return kept if kept.stamp == seen_stamp(request) and time.time() < kept.until else None

    def _asked(self, request: HttpRequest) -> str | None:
        query = request.META.get("QUERY_STRING", "")
        return self._spellings.get((request.path, query)) if query else ""

    def _is_ours(self, request: HttpRequest) -> bool:
        """Django refuses other hosts as soon as anything asks for the host's name; here nothing would."""
        host = request.META.get("HTTP_HOST", "")
        if host in self._hosts:
            return True
        try:
            request.get_host()
        except DisallowedHost:
            return False
        if host and len(self._hosts) < MOST_HOSTS:
            self._hosts.add(host)
        return True

    def _keep(self, request: HttpRequest, response: PublicAnswer) -> HttpResponse:
        if response.cookies:
            # Meant for one reader after all; no cache may have it either.
            response.headers["Cache-Control"] = "private, no-store"
            return response
        stamp, public = seen_stamp(request), response.public
        kept = Kept(response, stamp=stamp, wanted=_wanted(request), match=request.resolver_match)
        if stamp is not None and not settings.DEBUG and kept.size < LARGEST:
            memory = self._typed if public.is_typed else self._pages
            memory.put(_key(request, public.asked), kept, size=kept.size)
            self._remember_spelling(request, public.asked)
        return kept.answer(request)

    def _remember_spelling(self, request: HttpRequest, asked: str) -> None:
        for query in {request.META.get("QUERY_STRING", ""), asked}:
            if query and len(query) <= LONGEST_SPELLING:
                self._spellings.put((request.path, query), asked, size=1)


def _key(request: HttpRequest, asked: str) -> Hashable:
    """The scheme, because answers over TLS say that there is TLS."""
    return request.scheme, request.path, asked, _wanted(request)


def _wanted(request: HttpRequest) -> tuple[str, ...]:
    return accepted(request.META.get("HTTP_ACCEPT_ENCODING", ""))
