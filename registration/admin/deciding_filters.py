"""Filters of the lists of registrations: to decide by, and to lead from each number of the start page to its list."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.admin.filters import ParticipantCountryFilter
from registration.domain.figures.standing import NONE, holding, standing
from registration.models import Registration
from workshops.admin.long_lists import keep_count
from workshops.languages import CODES, OWN_NAMES
from workshops.names import name_key

_MOST_ORGANISATIONS = 25
_Status = Registration.Status


class LanguageFilter(admin.SimpleListFilter):
    """In which language people are written to."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((code, OWN_NAMES[code]) for code in CODES), (NONE, _("not known"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen not in {*CODES, NONE}:
            return queryset
        return queryset.filter(participant__language="" if chosen == NONE else chosen)


class WaitsForFilter(admin.SimpleListFilter):
    """What somebody waits for."""

    title = _("what is waited for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("decision", _("the organisers’ decision")),
            ("place", _("a free place")),
            ("answer", _("the answer to an offer")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        waiting = Q(status=_Status.WAITLISTED)
        conditions = {
            "decision": Q(status=_Status.REQUESTED),
            "place": waiting & Q(offered_until__isnull=True),
            "answer": waiting & Q(offered_until__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class SinceFilter(admin.SimpleListFilter):
    """When somebody registered; days begin at midnight of the home clock."""

    title = _("time of registration")
    parameter_name = "since"
    days = {"today": 0, "days": 2, "week": 6}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("today", _("today")),
            ("days", _("in the last 3 days")),
            ("week", _("in the last week")),
            ("longer", _("longer ago than a week")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        if chosen in self.days:
            return queryset.filter(created_at__gte=_midnight(self.days[chosen]))
        if chosen == "longer":
            return queryset.filter(created_at__lt=_midnight(self.days["week"]))
        return queryset


def _midnight(days_ago: int) -> dt.datetime:
    """In the zone that is active: the organisers' pages run on the home clock."""
    date = timezone.localdate() - dt.timedelta(days=days_ago)
    return dt.datetime.combine(date, dt.time.min, tzinfo=timezone.get_current_timezone())


def _origins(request: HttpRequest, model_admin: Any) -> list[tuple[str, str, int]]:
    """Where the people of the list come from, by country and organisation; asked once a request for both filters."""
    if not hasattr(request, "_koprue_origins"):
        rows = model_admin.get_queryset(request).order_by()
        named = rows.values_list("participant__country", "participant__organisation")
        origins = list(named.annotate(count=Count("pk")))
        request._koprue_origins = origins  # type: ignore[attr-defined]
        keep_count(request, model_admin, sum(count for _country, _name, count in origins))
    found: list[tuple[str, str, int]] = request._koprue_origins  # type: ignore[attr-defined]
    return found


class OriginFilter(ParticipantCountryFilter):
    """The countries of the people of the list."""

    def codes(self, request: HttpRequest, model_admin: Any) -> set[str]:
        return {str(code) for code, _name, _count in _origins(request, model_admin)}


class OrganisationFilter(admin.SimpleListFilter):
    """The organisations most people of the list come from, and the one that is chosen."""

    title = _("organisation")
    parameter_name = "organisation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        counted: Counter[str] = Counter()
        for _country, name, count in _origins(request, model_admin):
            counted[name] += count
        del counted[""]
        names = {name for name, _count in counted.most_common(_MOST_ORGANISATIONS)}
        return [(name, name) for name in sorted(names, key=name_key)] + [
            (name, _from(name, model_admin.get_queryset(request))) for name in _chosen(self) - names
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(participant__organisation="" if chosen == NONE else chosen)


class _Linked(admin.SimpleListFilter):
    """Reached by a link only: it stands in the list's margin while it is chosen, so that it can be taken off.

    `names`: in words, what can be chosen.
    """

    names: Mapping[str, Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, self.names[name]) for name in _chosen(self) if name in self.names]


class LinkedOrganisationFilter(OrganisationFilter):
    """The same without a choice of organisations: in the list of everybody, counting them would take long."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, _from(name, model_admin.get_queryset(request))) for name in _chosen(self)]


class LinkedHeldFilter(_Linked):
    """Whose places are taken: those who may come in, and those for whom one is held."""

    title = _("holds a place")
    parameter_name = "held"
    names = dict(Registration.Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        role = self.value()
        return queryset.filter(holding(role)) if role in Registration.Role.values else queryset


class LinkedStandingFilter(_Linked):
    """Without those who were declined or have cancelled."""

    title = _("registration stands")
    parameter_name = "standing"
    names: Mapping[str, Any] = {"yes": _("neither declined nor cancelled")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(standing()) if self.value() == "yes" else queryset


def _from(name: str, rows: QuerySet[Any]) -> Any:
    """An organisation is named only where it is that of one's own people."""
    if name == NONE:
        return _("not given")
    return name if rows.filter(participant__organisation=name).exists() else _("not among these people")


def _chosen(spec: admin.SimpleListFilter) -> set[str]:
    value = spec.value()
    return {value} if value else set()
