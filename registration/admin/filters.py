"""Filters of the lists of people."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from registration.admin.scoping import about_workshop
from registration.domain.access import admitted_as
from registration.domain.figures.invitations import progress
from registration.domain.figures.standing import NONE
from registration.models import Participant, Registration
from workshops.admin.base import scope_for
from workshops.admin.long_lists import keep_count
from workshops.models import Workshop
from workshops.names import name_key


class HappenedFilter(admin.EmptyFieldListFilter):
    """Whether a moment is set. Django asks whether a field is empty, which is no question of organisers."""

    def choices(self, changelist: Any) -> Any:
        happened = {"1": _("No"), "0": _("Yes")}
        for choice in super().choices(changelist):
            value = parse_qs(choice["query_string"].lstrip("?")).get(self.lookup_kwarg, [""])[0]
            yield {**choice, "display": happened.get(value, choice["display"])}


class PersonalCodesFilter(admin.BooleanFieldListFilter):
    """Named as it reads behind “by”: German puts that into the dative."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = pgettext_lazy("behind “by”", "personal code")


class CountryFilter(admin.SimpleListFilter):
    """Only the countries somebody has named."""

    title = _("country")
    parameter_name = "country"
    path = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = self.codes(request, model_admin) - {""}
        named = [(code, str(countries.name(code))) for code in codes]
        unknown = [(NONE, str(_("not given")))] if self.value() == NONE else []
        return sorted(named, key=lambda choice: name_key(choice[1])) + unknown

    def codes(self, request: HttpRequest, model_admin: Any) -> set[str]:
        rows = model_admin.get_queryset(request).order_by()
        counted = dict(rows.values_list(self.path).annotate(count=Count("pk")))
        keep_count(request, model_admin, sum(counted.values()))
        return {str(code) for code in counted}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(**{self.path: "" if chosen == NONE else chosen}) if chosen else queryset


class ParticipantCountryFilter(CountryFilter):
    path = "participant__country"

    def codes(self, request: HttpRequest, model_admin: Any) -> set[str]:
        """Of whole conferences their people are asked: going through everybody's registrations would take long."""
        scope = scope_for(request)
        if scope.workshops:
            return super().codes(request, model_admin)
        people = Participant.objects.filter(scope.whole_conferences("conference")).order_by()
        return {str(code) for code in people.values_list("country", flat=True).distinct()}


class AdmittedFilter(admin.SimpleListFilter):
    """Who may come in today in which role: also somebody who listens while waiting for an active place."""

    title = _("may come in")
    parameter_name = "admitted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Registration.Role.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        role = self.value()
        return queryset.filter(admitted_as(role)) if role in Registration.Role.values else queryset


class OfferedFilter(admin.SimpleListFilter):
    """For whom a place is held that they have not accepted yet."""

    title = _("place offered")
    parameter_name = "offered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("a place is held")), ("no", _("no place is held"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(offered_until__isnull=self.value() == "no")
        return queryset


class InvitedFilter(admin.SimpleListFilter):
    """What became of invitations that went out."""

    title = _("progress")
    parameter_name = "progress"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("out", _("went out")),
            ("answered", _("answered")),
            ("declined", _("declined")),
            ("bounced", _("came back")),
            ("expiring", _("about to expire")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(progress(self.value() or "", at=timezone.now()))


class AboutWorkshopFilter(admin.SimpleListFilter):
    """Mail about one of the organiser's own workshops."""

    title = _("workshop")
    parameter_name = "workshop"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = Workshop.objects.filter(scope_for(request).own_workshops())
        return [(str(workshop.pk), str(workshop)) for workshop in own]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        known = {key for key, _title in self.lookup_choices}
        return queryset.filter(about_workshop(int(chosen))) if chosen in known else queryset
