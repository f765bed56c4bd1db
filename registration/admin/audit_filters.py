"""Filters of “What happened”: in which conference and workshop, by whom, what about, when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference.audited import audited_models
from conference.models import AuditEntry
from registration.admin.audit_words import ACTIONS
from workshops.admin.base import FIRST_DATE, LAST_DATE, scope_for
from workshops.domain.scope import Area
from workshops.models import Conference, Workshop
from workshops.names import name_key

_OWN = ("since", "until")


def conferences(request: HttpRequest) -> list[Conference]:
    """All there are, for their clocks, the one on the site first; read once a request."""
    if not hasattr(request, "_koprue_conferences"):
        request._koprue_conferences = list(Conference.objects.order_by("-is_current", "-starts_on"))  # type: ignore[attr-defined]
    found: list[Conference] = request._koprue_conferences  # type: ignore[attr-defined]
    return found


class _PlaceFilter(admin.SimpleListFilter):
    """By what an entry keeps of where it belongs, under the parameter's name; what is not offered is ignored."""

    def has_output(self) -> bool:
        """Also for a single one: else Django drops the filter silently, and a link with it shows all."""
        return bool(self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _name in self.lookup_choices}
        if self.value() not in known:
            return queryset
        return queryset.filter(**{f"additional_data__{self.parameter_name}": int(self.value() or 0)})


class ConferenceFilter(_PlaceFilter):
    title = _("conference")
    parameter_name = "conference"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        scope = scope_for(request, Area.HISTORY)
        own = scope.conferences | scope.partly
        rows = (row for row in conferences(request) if scope.everything or row.pk in own)
        return [(str(row.pk), str(row)) for row in rows]


class WorkshopFilter(_PlaceFilter):
    title = _("workshop")
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Workshop.objects.filter(scope_for(request, Area.HISTORY).own_workshops())
        return [(str(row.pk), str(row)) for row in rows]


class ActorFilter(admin.SimpleListFilter):
    """The organisers whose work this reader sees: the team's, not everybody who has an account."""

    title = _("person")
    parameter_name = "who"
    NOBODY = "nobody"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        entries = AuditEntry.objects.filter(model_admin.in_scope(model_admin.scope(request)))
        theirs = entries.order_by().filter(actor=OuterRef("pk"))
        users = get_user_model()._default_manager.filter(Exists(theirs))
        named = sorted(((str(user.pk), str(user)) for user in users), key=lambda choice: name_key(choice[1]))
        return [*named, (self.NOBODY, _("a command"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen == self.NOBODY:
            return queryset.filter(actor=None)
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(actor=int(chosen)) if chosen in known else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = [
            (model._meta.label_lower, capfirst(str(model._meta.verbose_name))) for model in audited_models()
        ]
        return sorted(named, key=lambda choice: name_key(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = next((model for model in audited_models() if model._meta.label_lower == self.value()), None)
        if chosen is None:
            return queryset
        return queryset.filter(content_type=ContentType.objects.get_for_model(chosen))


class ActionFilter(admin.SimpleListFilter):
    title = _("what was done")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(action), capfirst(str(name))) for action, name in ACTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        known = {key for key, _name in self.lookup_choices}
        return queryset.filter(action=int(self.value() or 0)) if self.value() in known else queryset


class PeriodFilter(admin.ListFilter):
    """From one day to another, both included, as the home clock counts days; either may be left open."""

    title = _("period")
    parameter_name = "since"
    template = "admin/accounts/auditentry/period.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in _OWN:
            given = params.pop(name, None)
            if given:
                self.used_parameters[name] = given[-1] if isinstance(given, list) else given
        asked = request.GET.lists()
        self.others = [
            (name, value) for name, values in asked if name not in {*_OWN, "p"} for value in values
        ]

    def expected_parameters(self) -> list[str | None]:
        return list(_OWN)

    def has_output(self) -> bool:
        return True

    def day(self, name: str) -> dt.date | None:
        """None where nothing was given, or no date there is."""
        try:
            found = parse_date(str(self.used_parameters.get(name, "")))
        except ValueError:
            return None
        return found if found and FIRST_DATE <= found <= LAST_DATE else None

    def choices(self, changelist: Any) -> Iterator[Any]:
        is_wrong = any(name in self.used_parameters and self.day(name) is None for name in _OWN)
        yield {
            "since": self.used_parameters.get("since", ""),
            "until": self.used_parameters.get("until", ""),
            "is_wrong": is_wrong,
            "others": self.others,
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        since, until = self.day("since"), self.day("until")
        if since:
            queryset = queryset.filter(timestamp__gte=_midnight(since))
        if until:
            queryset = queryset.filter(timestamp__lt=_midnight(until + dt.timedelta(days=1)))
        return queryset


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
