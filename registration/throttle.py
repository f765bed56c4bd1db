"""A rate limit for forms: enough for an office behind one address, too little for a machine."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from conference.client_address import client_address
from conference.errors import too_many_requests

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def throttle(*, name: str, times: int, seconds: int) -> Callable[[View[P]], View[P]]:
    """At most `times` POST requests of one client address in `seconds`; then 429 with a page for people."""

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST" and count(name, client_address(request), seconds=seconds) > times:
                return too_many_requests(request, seconds=seconds)
            return view(request, *args, **kwargs)

        return limited

    return decorate


def count(name: str, who: str, *, seconds: int) -> int:
    """Counts one more request and returns how many there were since the first one of this period."""
    key = f"throttle-{name}-{who}"
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the period ended between the two calls
        cache.set(key, 1, timeout=seconds)
        return 1
