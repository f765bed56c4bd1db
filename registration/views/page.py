"""What the pages of the registration share: the frame, privacy of the answer, pages that explain."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec

from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from registration.domain.tokens import LinkError, LinkUnknown
from workshops.domain.programme import ConferenceEntry
from workshops.domain.release import NothingReleasedError, released_programme

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SEE_OTHER = 303
NO_SESSION, NOT_FOUND, GONE, CONFLICT, UNPROCESSABLE, AWAY = 403, 404, 410, 409, 422, 503


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of one person: never stored, never indexed, and no address of ours told to another site."""
    shown = context or {}
    frame = {} if "conference" in shown else {"conference": conference_or_none()}
    return private(render(request, f"registration/{template}", frame | shown, status=status))


def private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # "no-referrer" would make browsers send the forms with "Origin: null", which the CSRF check refuses.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def see_other(address: str) -> HttpResponse:
    """To another page after a form, or a link, was taken: it is fetched with GET (RFC 9110, section 15.4.4)."""
    return HttpResponseRedirect(address, status=SEE_OTHER)


def keep_what_is_said(request: HttpRequest) -> None:
    """What the person is told on their next page, kept by the running transaction together with its cause.

    Django would write it down after the answer, with a transaction, and a wait for the disk, of its own.
    """
    get_messages(request).update(HttpResponse())  # type: ignore[union-attr]
    # Nothing is left that would have to be kept again.
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    # Somebody may have ended the session in another window: no reason to take back what was done in this one.
    with suppress(UpdateError):
        request.session.save()
    request.session.modified = False


def conference_or_none() -> ConferenceEntry | None:
    try:
        return released_programme().conference
    except NothingReleasedError:
        return None


def link_problem(
    request: HttpRequest, error: LinkError, *, typed: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """Why a personal link opens nothing, and the way to a new one."""
    is_unknown = isinstance(error, LinkUnknown)
    context = {"message": error.message, "is_unknown": is_unknown, "typed": typed}
    return page(request, "link_problem.html", context, status=NOT_FOUND if is_unknown else GONE)


def needs_programme(view: View[P]) -> View[P]:
    """Answers for pages that cannot be while nothing is released."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NothingReleasedError:
            return page(request, "nothing_released.html", status=AWAY)

    return wrapped
