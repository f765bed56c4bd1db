"""For whoever leads people here: search engines (the list of pages) and social networks (a picture of each page)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from workshops.domain.exports.preview import preview
from workshops.domain.exports.site_map import site_map
from workshops.domain.logo import logo_digest, shown_logo
from workshops.domain.printing import PdfUnavailableError
from workshops.domain.programme import Programme, SpeakerEntry, WorkshopEntry
from workshops.domain.release import NothingReleasedError
from workshops.views.answers import answer
from workshops.views.exports import NOTHING_RELEASED, export, plain_error

Find = Callable[[Programme], WorkshopEntry | SpeakerEntry | None]


@require_safe
@gzip_page
def sitemap_view(request: HttpRequest) -> HttpResponse:
    try:
        return answer(
            request,
            render=lambda programme: site_map(programme=programme),
            content_type="application/xml; charset=utf-8",
        )
    except NothingReleasedError:
        return plain_error(NOTHING_RELEASED, HTTPStatus.NOT_FOUND)


@require_safe
def conference_picture(request: HttpRequest) -> HttpResponse:
    return _picture(request, lambda _programme: None)


@require_safe
def workshop_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return _picture(request, lambda programme: _found(programme.workshop(slug)))


@require_safe
def speaker_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return _picture(request, lambda programme: _found(programme.speaker(slug)))


def _found(entry: WorkshopEntry | SpeakerEntry | None) -> WorkshopEntry | SpeakerEntry:
    if entry is None:
        raise Http404
    return entry


def _picture(request: HttpRequest, find: Find) -> HttpResponse:
    """Made once for each release; only what is in the programme has one, so that nobody can have many made."""

    def render(programme: Programme, language: str) -> bytes:
        logo = shown_logo(conference_id=programme.conference.id)
        return preview(programme=programme, language=language, about=find(programme), logo=logo)

    try:
        return export(request, render, "image/png", error=plain_error, variant=logo_digest())
    except PdfUnavailableError:
        return plain_error("Pictures cannot be drawn here at the moment.", HTTPStatus.SERVICE_UNAVAILABLE)
