"""Organisations and speakers belong to the conference; everybody of a team may add them.

Who looks after single workshops may change only what no other workshop uses.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import ScopedAdmin, ScopedRelatedFilter, scope_for
from workshops.admin.translated import ONE_LANGUAGE_AT_LEAST, LanguagesColumn, columns
from workshops.domain.scope import Area, Scope
from workshops.models import Appearance, Organisation, Speaker, Workshop


class SharedAdmin(LanguagesColumn, ScopedAdmin):
    """`used_through` are the ways from a workshop to what it shares with others."""

    area = Area.PROGRAMME
    used_through: tuple[str, ...] = ()

    def in_scope(self, scope: Scope) -> Q:
        return scope.any_conferences("conference")

    def _is_own(self, request: HttpRequest, obj: Any) -> bool:
        scope = self.changing(request)
        if obj is None or scope.covers_conference(obj.conference_id):
            return True
        used = reduce(or_, (Q(**{path: obj}) for path in self.used_through))
        return not Workshop.objects.filter(used).exclude(scope.own_workshops()).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_own(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_own(request, obj)


@admin.register(Organisation)
class OrganisationAdmin(SharedAdmin):
    used_through = (
        "hosts",
        "days__sessions__appearances__organisation",
        "days__sessions__appearances__speaker__organisation",
    )
    list_display = ("name", "short_name", "kind", "country", "languages")
    list_filter = ("kind",)
    search_fields = ("name_de", "name_tr", "name_en", "short_name")
    prepopulated_fields = {"slug": ("name_de",)}
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "conference",
                    *columns("name"),
                    ("short_name", "slug"),
                    ("kind", "country"),
                    "website",
                ],
                "description": ONE_LANGUAGE_AT_LEAST,
            },
        ),
    )


@admin.register(Speaker)
class SpeakerAdmin(SharedAdmin):
    used_through = ("days__sessions__appearances__speaker",)
    list_display = ("full_name", "organisation", "appears_in", "languages")
    list_filter = (("organisation", ScopedRelatedFilter),)
    search_fields = ("first_name", "last_name", "organisation__name_de", "organisation__name_tr")
    list_select_related = ("organisation",)
    prepopulated_fields = {"slug": ("first_name", "last_name")}
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "conference",
                    ("academic_title", "first_name", "last_name"),
                    "slug",
                    "organisation",
                    *columns("position"),
                ],
            },
        ),
        (_("For the run sheet"), {"fields": ["contact"]}),
        (_("Texts"), {"fields": columns("biography"), "description": ONE_LANGUAGE_AT_LEAST}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """How to reach a speaker is for those who prepare the day."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request)):
            return fieldsets
        return [fieldset for fieldset in fieldsets if "contact" not in fieldset[1]["fields"]]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        own = Appearance.objects.filter(scope_for(request).own_workshops("session__day__workshop"))
        return (
            super()
            .rows(request)
            .prefetch_related(
                "appearances",
                Prefetch("appearances", own.select_related("session__day__workshop"), "own_ones"),
            )
        )

    @admin.display(description=_("name"), ordering=("last_name"))
    def full_name(self, obj: Speaker) -> str:
        return obj.full_name

    @admin.display(description=_("appears in"))
    def appears_in(self, obj: Any) -> str:
        """The reader’s own workshops by name; others may still be drafts of theirs."""
        workshops = {appearance.session.day.workshop for appearance in obj.own_ones}
        ordered = sorted(workshops, key=lambda workshop: (workshop.position, workshop.pk))
        names = [str(workshop) for workshop in ordered]
        if len(obj.appearances.all()) > len(obj.own_ones):
            names.append(gettext("another workshop"))
        return ", ".join(names) or "–"
