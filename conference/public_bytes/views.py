"""For views of public pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from conference.public_bytes.stamp import STAMP

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_STAMP = "koprue.stamp"


def for_everybody(view: View[P]) -> View[P]:
    """Looks at the stamp before the view looks at anything: what it finds then is as new as the stamp, or newer."""

    @require_safe
    @functools.wraps(view)
    def stamped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        seen_stamp(request)
        return view(request, *args, **kwargs)

    return stamped


def seen_stamp(request: HttpRequest) -> str | None:
    """As it is, looked at once for each request."""
    if _STAMP not in request.META:
        request.META[_STAMP] = STAMP.current()
    stamp: str | None = request.META[_STAMP]
    return stamp
