"""Answers that take as long for a known address as for an unknown one: else a clock would tell them apart."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def same_time(view: View[P]) -> View[P]:
    """A form is answered SAME_ANSWER_SECONDS after it came, however little there was to do."""

    @functools.wraps(view)
    def padded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        came = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, came + settings.SAME_ANSWER_SECONDS - time.monotonic()))
        return response

    return padded
