"""The public pages: each names its template and what of the released programme it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from conference.public_bytes.views import for_everybody
from workshops.domain.material import MaterialOf, material_for, with_material
from workshops.domain.now_and_next import next_turn, turns
from workshops.domain.programme import Programme
from workshops.domain.release import NothingReleasedError, released_programme
from workshops.domain.standing import Standing, next_change, standings
from workshops.domain.third_clock import clocks_by_country
from workshops.models import Material
from workshops.views import contexts
from workshops.views.choices import as_query, asked_part
from workshops.views.public import nothing_released, public_page

Context = dict[str, Any]
# Directive (EU) 2016/2102 wants it on the accessibility statement: to be set whenever that is assessed anew.
STATEMENT_DATE = dt.date(2026, 11, 22)


@for_everybody
def home(request: HttpRequest) -> HttpResponse:
    now = standings(at=timezone.now())
    return public_page(
        request,
        "workshops/home.html",
        lambda programme: contexts.home(programme=programme, standings=now),
        variant=repr(now),
        until=next_change(now.values()),
    )


@for_everybody
def programme(request: HttpRequest) -> HttpResponse:
    both, wanted = request.GET.get("view") == "both", asked_part(request)
    material = material_for(audiences=[Material.Audience.EVERYBODY])
    return public_page(
        request,
        "workshops/programme.html",
        lambda programme: contexts.programme(
            programme=with_material(programme=programme, material=material), both=both, wanted=wanted
        ),
        query="view=both" if both else "",
        part=as_query(wanted),
        variant=repr(material),
    )


@for_everybody
def now(request: HttpRequest) -> HttpResponse:
    """Made anew whenever something begins or ends; the reader's own clock then moves it on by the second."""
    at = timezone.now()
    try:
        released = released_programme()
    except NothingReleasedError:
        return nothing_released(request)
    return public_page(
        request,
        "workshops/now.html",
        lambda programme: contexts.now(programme=programme, at=at),
        variant=str(turns(programme=released, at=at)),
        until=next_turn(programme=released, at=at),
    )


@for_everybody
def clock(request: HttpRequest) -> HttpResponse:
    return public_page(
        request,
        "workshops/clock.html",
        lambda programme: {"countries": clocks_by_country(programme=programme)},
    )


@for_everybody
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows for a page of which it has no copy."""
    return public_page(request, "workshops/offline.html", lambda _programme: {})


@for_everybody
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    now = standings(at=timezone.now()).get(slug)
    material = material_for(audiences=[Material.Audience.EVERYBODY])
    return public_page(
        request,
        "workshops/workshop.html",
        _workshop_context(slug, now, material),
        variant=repr((now, material)),
        until=next_change([now]),
    )


def _workshop_context(
    slug: str, standing: Standing | None, material: MaterialOf
) -> Callable[[Programme], Context]:
    def context(programme: Programme) -> Context:
        shown = with_material(programme=programme, material=material)
        if (entry := shown.workshop(slug)) is None:
            raise Http404
        return contexts.workshop(programme=shown, workshop=entry, standing=standing)

    return context


@for_everybody
def speakers(request: HttpRequest) -> HttpResponse:
    grouped = request.GET.get("by") == "organisation"
    return public_page(
        request,
        "workshops/speakers.html",
        lambda programme: contexts.speakers(programme=programme, grouped=grouped),
        query="by=organisation" if grouped else "",
    )


@for_everybody
def speaker(request: HttpRequest, slug: str) -> HttpResponse:
    def context(programme: Programme) -> Context:
        if (entry := programme.speaker(slug)) is None:
            raise Http404
        return contexts.speaker(programme=programme, speaker=entry)

    return public_page(request, "workshops/speaker.html", context)


@for_everybody
def accessibility(request: HttpRequest) -> HttpResponse:
    return public_page(
        request,
        "workshops/accessibility.html",
        lambda programme: contexts.accessibility(programme=programme, written_on=STATEMENT_DATE),
    )


@for_everybody
def easy(request: HttpRequest) -> HttpResponse:
    """In easy language; where the hosts wrote none in this one, it leads to those there are."""

    def context(programme: Programme) -> Context:
        if not any(programme.conference.easy_language.values()):
            raise Http404
        return contexts.easy(programme=programme)

    return public_page(request, "workshops/easy.html", context)


@for_everybody
def imprint(request: HttpRequest) -> HttpResponse:
    return public_page(request, "workshops/imprint.html", lambda _programme: {})
