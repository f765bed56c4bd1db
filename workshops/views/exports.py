"""The released programme for machines (JSON) and printers (PDF)."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from workshops.domain.export_json import programme_json
from workshops.domain.programme import Programme
from workshops.domain.programme_pdf import PdfUnavailableError, programme_pdf
from workshops.domain.release import NothingReleasedError
from workshops.languages import CODES
from workshops.views.answers import answer
from workshops.views.public import nothing_released, render_frame

DEFAULT_LANGUAGE = "de"


def _language(request: HttpRequest) -> str | None:
    """What `?lang=` names, German where it is missing, None where we do not have it."""
    language = request.GET.get("lang") or DEFAULT_LANGUAGE
    return language if language in CODES else None


@require_safe
@gzip_page
def programme_json_view(request: HttpRequest) -> HttpResponseBase:
    if (language := _language(request)) is None:
        return _json_error("Unknown language: lang is de, tr or en.", HTTPStatus.BAD_REQUEST)

    def render(programme: Programme) -> bytes:
        return json.dumps(programme_json(programme=programme, language=language), ensure_ascii=False).encode()

    try:
        with override(language):
            response = answer(request, render=render, content_type="application/json")
    except NothingReleasedError:
        return _json_error("No programme has been released yet.", HTTPStatus.NOT_FOUND)
    response.headers["Content-Language"] = language
    return _open(response)


def _json_error(message: str, status: HTTPStatus) -> HttpResponse:
    response = JsonResponse({"error": message}, status=status)
    add_never_cache_headers(response)
    return _open(response)


def _open(response: HttpResponse) -> HttpResponse:
    """Readable from other sites' scripts: it is public, and no cookie decides it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def programme_pdf_view(request: HttpRequest) -> HttpResponse:
    language = _language(request)
    with override(language or DEFAULT_LANGUAGE):
        if language is None:
            message = gettext("The PDF exists in German, Turkish and English: lang is de, tr or en.")
            return _pdf_problem(request, message, HTTPStatus.BAD_REQUEST)
        try:
            response = answer(
                request,
                render=lambda programme: programme_pdf(programme=programme, language=language),
                content_type="application/pdf",
            )
        except NothingReleasedError:
            return nothing_released(request)
        except PdfUnavailableError:
            message = gettext("PDFs cannot be made here at the moment. The programme’s page shows the same.")
            return _pdf_problem(request, message, HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Content-Disposition"] = f'inline; filename="programme-{language}.pdf"'
    response.headers["Content-Language"] = language
    return response


def _pdf_problem(request: HttpRequest, message: str, status: HTTPStatus) -> HttpResponse:
    html = render_frame(request, "workshops/pdf_problem.html", request.path, {"message": message})
    response = HttpResponse(html, status=status)
    add_never_cache_headers(response)
    return response
