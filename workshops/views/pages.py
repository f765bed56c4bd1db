"""The public pages: each names its template and what of the released programme it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from workshops.domain.programme import Programme
from workshops.domain.standing import Standing, standings
from workshops.views import contexts
from workshops.views.public import public_page

Context = dict[str, Any]
# Directive (EU) 2016/2102 wants it on the accessibility statement: to be set whenever that is assessed anew.
STATEMENT_DATE = dt.date(2026, 11, 22)


@require_safe
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    now = standings(at=timezone.now())
    return public_page(
        request,
        "workshops/home.html",
        lambda programme: contexts.home(programme=programme, standings=now),
        variant=repr(now),
    )


@require_safe
@gzip_page
def programme(request: HttpRequest) -> HttpResponse:
    both = request.GET.get("view") == "both"
    return public_page(
        request,
        "workshops/programme.html",
        lambda programme: {"dates": programme.dates(), "both": both},
        query="view=both" if both else "",
    )


@require_safe
@gzip_page
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    now = standings(at=timezone.now()).get(slug)
    return public_page(request, "workshops/workshop.html", _workshop_context(slug, now), variant=repr(now))


def _workshop_context(slug: str, standing: Standing | None) -> Callable[[Programme], Context]:
    def context(programme: Programme) -> Context:
        if (entry := programme.workshop(slug)) is None:
            raise Http404
        return contexts.workshop(programme=programme, workshop=entry, standing=standing)

    return context


@require_safe
@gzip_page
def speakers(request: HttpRequest) -> HttpResponse:
    grouped = request.GET.get("by") == "organisation"
    return public_page(
        request,
        "workshops/speakers.html",
        lambda programme: contexts.speakers(programme=programme, grouped=grouped),
        query="by=organisation" if grouped else "",
    )


@require_safe
@gzip_page
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    def context(programme: Programme) -> Context:
        if (entry := programme.speaker(slug)) is None:
            raise Http404
        return contexts.speaker(programme=programme, speaker=entry)

    return public_page(request, "workshops/speaker.html", context)


@require_safe
@gzip_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return public_page(
        request, "workshops/accessibility.html", lambda _programme: {"statement_date": STATEMENT_DATE}
    )


@require_safe
@gzip_page
def imprint(request: HttpRequest) -> HttpResponse:
    return public_page(request, "workshops/imprint.html", lambda _programme: {})
