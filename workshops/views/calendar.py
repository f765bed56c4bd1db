"""The released programme for calendar programs: whole, of one workshop, of one session."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse

from conference.public_bytes.views import for_everybody
from workshops.domain.calendar.entries import Source, all_days, calendar_of, days_of, session_alone
from workshops.domain.calendar.source import source_of
from workshops.domain.calendar.values import Entry
from workshops.domain.calendar.write import to_ical
from workshops.domain.programme import Programme
from workshops.views.exports import export, plain_error

CONTENT_TYPE = "text/calendar; charset=utf-8"
# None: never was in any release.
Find = Callable[[Source], tuple[Entry, ...] | None]


@for_everybody
def programme_ics(request: HttpRequest) -> HttpResponse:
    return _calendar(request, "programme", lambda source: all_days(source=source))


@for_everybody
def workshop_ics(request: HttpRequest, slug: str) -> HttpResponse:
    return _calendar(request, slug, lambda source: days_of(source=source, slug=slug))


@for_everybody
def session_ics(request: HttpRequest, pk: int) -> HttpResponse:
    def find(source: Source) -> tuple[Entry, ...] | None:
        entry = session_alone(source=source, pk=pk)
        return None if entry is None else (entry,)

    return _calendar(request, f"session-{pk}", find)


def _calendar(request: HttpRequest, file: str, find: Find) -> HttpResponse:
    def render(programme: Programme, _language: str) -> bytes:
        source = source_of(programme=programme)
        if (entries := find(source)) is None:
            raise Http404
        return to_ical(calendar=calendar_of(source=source, entries=entries))

    try:
        response = export(request, render, CONTENT_TYPE, error=plain_error)
    except Http404:
        return plain_error("This is not in the released programme.", HTTPStatus.NOT_FOUND)
    # An error is in no language: programs show their user at best its first line.
    if language := response.headers.get("Content-Language"):
        response.headers["Content-Disposition"] = f'inline; filename="{file}-{language}.ics"'
    return response
