"""The released programme for machines (JSON, XML, Atom) and printers (PDF)."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, override

from conference.public_bytes.views import for_everybody
from workshops.domain.export_json import programme_json
from workshops.domain.exports.feed import changes_feed
from workshops.domain.exports.schedule_xml import schedule_xml
from workshops.domain.logo import logo_digest, shown_logo
from workshops.domain.programme import Programme
from workshops.domain.programme_pdf import BOTH, PdfUnavailableError, programme_pdf
from workshops.domain.release import NothingReleasedError
from workshops.languages import CODES
from workshops.views.answers import Render, answer
from workshops.views.public import nothing_released, render_frame

DEFAULT_LANGUAGE = "de"
PLAIN = "text/plain; charset=utf-8"
PDF = "application/pdf"
UNKNOWN_LANGUAGE = "Unknown language: lang is de, tr or en."
NOTHING_RELEASED = "No programme has been released yet."
Error = Callable[[str, HTTPStatus], HttpResponse]


def language_of(request: HttpRequest, known: tuple[str, ...] = CODES) -> str | None:
    """What `?lang=` names, German where it is missing, None where we do not have it."""
    language = request.GET.get("lang") or DEFAULT_LANGUAGE
    return language if language in known else None


def export(
    request: HttpRequest,
    render: Callable[[Programme, str], bytes],
    content_type: str,
    *,
    error: Error,
    variant: str = "",
) -> HttpResponse:
    """`render(programme, language)` for `?lang=`, or in a few words why there is none. Raises what `render` raises."""
    if (language := language_of(request)) is None:
        return error(UNKNOWN_LANGUAGE, HTTPStatus.BAD_REQUEST)
    try:
        with override(language):
            response = answer(
                request,
                render=lambda programme: render(programme, language),
                variant=variant,
                content_type=content_type,
                asked=_asked(language),
            )
    except NothingReleasedError:
        return error(NOTHING_RELEASED, HTTPStatus.NOT_FOUND)
    response.headers["Content-Language"] = language
    return response


def _asked(language: str) -> str:
    return "" if language == DEFAULT_LANGUAGE else f"lang={language}"


@for_everybody
def programme_json_view(request: HttpRequest) -> HttpResponse:
    def render(programme: Programme, language: str) -> bytes:
        return json.dumps(programme_json(programme=programme, language=language), ensure_ascii=False).encode()

    return _open(export(request, render, "application/json", error=_json_error))


@for_everybody
def programme_xml_view(request: HttpRequest) -> HttpResponse:
    def render(programme: Programme, language: str) -> bytes:
        return schedule_xml(programme=programme, language=language)

    return _open(export(request, render, "text/xml; charset=utf-8", error=plain_error))


@for_everybody
def changes_feed_view(request: HttpRequest) -> HttpResponse:
    def render(programme: Programme, language: str) -> bytes:
        return changes_feed(programme=programme, language=language)

    return _open(export(request, render, "application/atom+xml; charset=utf-8", error=plain_error))


def _json_error(message: str, status: HTTPStatus) -> HttpResponse:
    response = JsonResponse({"error": message}, status=status)
    add_never_cache_headers(response)
    return response


def plain_error(message: str, status: HTTPStatus) -> HttpResponse:
    response = HttpResponse(f"{message}\n", status=status, content_type=PLAIN)
    add_never_cache_headers(response)
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Readable from other sites' scripts: it is public, and no cookie decides it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@for_everybody
def programme_pdf_view(request: HttpRequest) -> HttpResponse:
    language = language_of(request, (*CODES, BOTH))
    with override(language_of_pdf(language)):
        if language is None:
            message = gettext(
                "The PDF exists in German, Turkish, English and both: lang is de, tr, en or both."
            )
            return _pdf_problem(request, message, HTTPStatus.BAD_REQUEST)
        try:
            response = answer(
                request,
                render=render_pdf(language),
                variant=pdf_variant(language),
                content_type=PDF,
                asked=_asked(language),
            )
        except NothingReleasedError:
            return nothing_released(request)
        except PdfUnavailableError:
            message = gettext("PDFs cannot be made here at the moment. The programme’s page shows the same.")
            return _pdf_problem(request, message, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Content-Disposition"] = f'inline; filename="programme-{language}.pdf"'
    response.headers["Content-Language"] = "de, tr" if language == BOTH else language
    return response


def language_of_pdf(language: str | None) -> str:
    """The language of the page around it: that in two has none of its own."""
    return language if language in CODES else DEFAULT_LANGUAGE


def pdf_variant(language: str) -> str:
    """What decides a PDF besides the release."""
    return f"{language}\n{logo_digest()}"


def render_pdf(language: str) -> Render:
    def render(programme: Programme) -> bytes:
        logo = shown_logo(conference_id=programme.conference.id)
        return programme_pdf(programme=programme, language=language, logo=logo)

    return render


def _pdf_problem(request: HttpRequest, message: str, status: HTTPStatus) -> HttpResponse:
    html = render_frame(request, "workshops/pdf_problem.html", request.path, {"message": message})
    response = HttpResponse(html, status=status)
    add_never_cache_headers(response)
    return response
