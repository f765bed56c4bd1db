"""For whoever leads people here: search engines (the list of pages) and social networks (a picture of each page)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override

from conference.public_bytes.views import for_everybody
from workshops.domain.exports.preview import preview
from workshops.domain.exports.site_map import site_map
from workshops.domain.logo import logo_digest, shown_logo
from workshops.domain.printing import PdfUnavailableError
from workshops.domain.programme import Programme, SpeakerEntry, WorkshopEntry
from workshops.domain.release import NothingReleasedError
from workshops.languages import CODES
from workshops.views.answers import answer
from workshops.views.exports import DEFAULT_LANGUAGE, NOTHING_RELEASED, export, plain_error

Find = Callable[[Programme], WorkshopEntry | SpeakerEntry | None]


@for_everybody
def sitemap_view(request: HttpRequest) -> HttpResponse:
    """In no language; without one of its own it would say that it is in that of whoever asked first."""
    try:
        with override(DEFAULT_LANGUAGE):
            response = answer(
                request,
                render=lambda programme: site_map(programme=programme),
                content_type="application/xml; charset=utf-8",
            )
    except NothingReleasedError:
        return plain_error(NOTHING_RELEASED, HTTPStatus.NOT_FOUND)
    response.headers["Content-Language"] = ", ".join(CODES)
    return response


@for_everybody
def conference_picture(request: HttpRequest) -> HttpResponse:
    return _picture(request, lambda _programme: None)


@for_everybody
def workshop_picture(request: HttpRequest, slug: str) -> HttpResponse:
    return _picture(request, lambda programme: _found(programme.workshop(slug)))


@for_everybody
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
