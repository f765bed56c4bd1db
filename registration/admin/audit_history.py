"""The history of one object as a page: whatever the log knows of it, in sentences."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from registration.admin.audit_scope import own_entries
from registration.domain.history.history_of import history_of, lines_of
from registration.models import Participant
from workshops.admin.base import scope_for
from workshops.domain.scope import Area
from workshops.models import Conference

_LINES = 50


def history_page(
    request: HttpRequest, *, model_admin: Any, obj: Any, extra_context: dict[str, Any]
) -> HttpResponse:
    conference = _conference_of(model_admin, obj)
    zones = conference.zones if conference else ()
    deeds = history_of(row=obj, visible=_visible(request, obj))
    page = Paginator(range(len(deeds)), _LINES).get_page(request.GET.get("page", ""))
    shown = deeds[max(page.start_index() - 1, 0) : page.end_index()]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Change history: %s") % obj,
        "subtitle": None,
        "page": page,
        "lines": lines_of(deeds=shown, row=obj, zones=zones),
        "clock_conference": conference,
        "module_name": str(capfirst(model_admin.opts.verbose_name_plural)),
        "object": obj,
        "opts": model_admin.opts,
        "preserved_filters": model_admin.get_preserved_filters(request),
        "is_popup": IS_POPUP_VAR in request.GET,
        **extra_context,
    }
    return TemplateResponse(request, "admin/object_history.html", context)


def _visible(request: HttpRequest, obj: Any) -> Q | None:
    """Of a person, what belongs to one's own workshops; what belongs to anything else has no other owner."""
    return own_entries(scope_for(request, Area.PEOPLE)) if isinstance(obj, Participant) else None


def _conference_of(model_admin: Any, obj: Any) -> Conference | None:
    """On whose clocks it is told: accounts, which belong to none, on those of the one on the site."""
    key = model_admin.conference_of(obj)
    found = Conference.objects.filter(pk=key).first() if key else None
    return found or Conference.objects.order_by("-is_current").first()
