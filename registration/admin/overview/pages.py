"""The pages beside the start page: its numbers anew, and the figures of one workshop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_countries import countries

from registration.admin.overview.chart import chart_of
from registration.admin.overview.numbers import Number, WorkshopLine, line_of, list_url
from registration.admin.overview.reach import Reach, reach_of
from registration.admin.overview.start_page import overview
from registration.domain.figures.arrivals import count_arrivals
from registration.domain.figures.breakdown import count_by_organisation, count_by_origin
from registration.domain.figures.interpreting import needs_interpreting
from registration.domain.figures.invitations import Invited, count_invitations
from registration.domain.figures.mails import count_failed_mails
from registration.domain.figures.registrations import Registered, count_registrations
from registration.domain.figures.standing import NONE
from workshops.admin.base import scope_for
from workshops.admin.rights import declare_pages
from workshops.domain.scope import Area, Level, Right
from workshops.languages import OWN_NAMES
from workshops.models import Workshop

declare_pages({"overview": (Area.NUMBERS, Level.SEE), "figures": (Area.NUMBERS, Level.SEE)})
_STATUS = {True: "confirmed", False: "declined", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Share:
    """A row of a breakdown; `width` in thousandths of the longest bar; `note` says more, `status` how that looks."""

    name: str
    number: Number
    width: int
    note: str = ""
    status: str = "unknown"


def overview_urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("overview/", site.admin_view(numbers_view), name="overview"),
        path("figures/<int:key>/", site.admin_view(_figures(site)), name="figures"),
    ]


@never_cache
@require_safe
def numbers_view(request: HttpRequest) -> HttpResponse:
    """What the start page’s script asks for while the page is open."""
    if not scope_for(request).grants(Right.TEAM):
        raise PermissionDenied
    return TemplateResponse(request, "admin/overview/live.html", {"overview": overview(request)})


def _figures(site: AdminSite) -> Any:
    @require_safe
    def figures_view(request: HttpRequest, key: int) -> HttpResponse:
        workshop = _own_workshop(request, key)
        reach = reach_of(scope_for(request), workshop)
        context = {
            **site.each_context(request),
            "title": _("Figures"),
            "subtitle": workshop,
            "opts": Workshop._meta,
            "line": _line(workshop, reach),
            "chart": chart_of(workshop, count_arrivals(workshop=workshop), reach),
            **_shares(workshop, reach),
        }
        return TemplateResponse(request, "admin/overview/figures.html", context)

    return figures_view


def _own_workshop(request: HttpRequest, key: int) -> Workshop:
    """Somebody else's looks like none, and so does a number no database takes."""
    rows = Workshop.objects.filter(scope_for(request).own_workshops()).select_related("conference")
    found = rows.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise Http404
    return found


def _line(workshop: Workshop, reach: Reach) -> WorkshopLine:
    key = workshop.pk
    return line_of(
        workshop,
        count_registrations(workshops=[key]).get(key, Registered()),
        count_invitations(workshops=[key]).get(key, Invited()),
        count_failed_mails(workshops=[key])[key],
        reach,
    )


def _shares(workshop: Workshop, reach: Reach) -> dict[str, list[Share]]:
    origins = count_by_origin(workshop=workshop)
    listening = needs_interpreting(workshop=workshop, by_language=origins.by_language)
    said = {
        True: gettext("interpreted"),
        False: gettext("not interpreted in this workshop"),
        None: gettext("language not known"),
    }
    most = max((count for _code, count in origins.by_language), default=1)
    return {
        "countries": _breakdown(workshop, "country", origins.by_country, countries.name, reach),
        "organisations": _breakdown(
            workshop, "organisation", count_by_organisation(workshop=workshop), str, reach
        ),
        "languages": [
            Share(
                OWN_NAMES.get(row.language, gettext("not given")),
                _number(workshop, "language", row.language, row.count, reach),
                row.count * 1000 // most,
                said[row.is_interpreted],
                _STATUS[row.is_interpreted],
            )
            for row in listening
        ],
    }


def _breakdown(
    workshop: Workshop, by: str, counted: list[tuple[str, int]], name: Any, reach: Reach
) -> list[Share]:
    most = max((count for _value, count in counted), default=1)
    return [
        Share(
            str(name(value)) if value else gettext("not given"),
            _number(workshop, by, value, count, reach),
            count * 1000 // most,
        )
        for value, count in counted
    ]


def _number(workshop: Workshop, by: str, value: str, count: int, reach: Reach) -> Number:
    if not reach.registrations:
        return Number(count, "")
    query = {"workshop__id__exact": workshop.pk, "standing": "yes", by: value or NONE}
    return Number(count, list_url("registration", **query))
