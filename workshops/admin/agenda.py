"""A day with its sessions, a session with its parts and people. Starts are derived: clocks are only shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import (
    clock_faces,
    clocks_of_day,
    day_clocks,
    day_entry,
    error_of_clocks,
    legend_text,
)
from workshops.admin.inlines import ScopedStacked, ScopedTabular
from workshops.admin.material import MaterialInline, material_urls
from workshops.admin.translated import ONE_LANGUAGE_AT_LEAST, LanguagesColumn, columns
from workshops.domain.programme import AppearanceEntry, SessionEntry
from workshops.domain.scope import Area
from workshops.languages import active_language, choose
from workshops.models import Appearance, Session, WorkshopDay
from workshops.templatetags.texts import weekday_date


def entries_of(day: WorkshopDay) -> dict[int, SessionEntry] | None:
    """Each session of a day with its derived start; None where the day's times name no instant."""
    entry = day_entry(day)
    return None if entry is None else {session.id: session for session in entry.walk()}


class SessionFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Sessions entered on a day's page, or as parts on a session's page, belong to that day."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if isinstance(self.instance, WorkshopDay):
            form.instance.day = self.instance
        else:
            form.instance.parent = self.instance
            if self.instance.day_id:
                form.instance.day_id = self.instance.day_id
        return form


class SessionInline(ScopedStacked):
    model = Session
    formset = SessionFormSet
    fk_name = "day"
    show_change_link = True
    readonly_fields = ("both_clocks", "people")
    classes = ("agenda",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    (
                        "both_clocks",
                        "position",
                        "kind",
                        "duration_minutes",
                        "language_of_speech",
                        "everybody",
                    ),
                    *columns("title"),
                    "people",
                ]
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(parent__isnull=True)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # An inline is made anew for each request, so this is not shared.
        self.entries = entries_of(self.day_of(obj)) if obj is not None else {}
        return super().get_formset(request, obj, **kwargs)

    def day_of(self, obj: Any) -> WorkshopDay:
        day: WorkshopDay = obj
        return day

    @admin.display(description=_("on both clocks"))
    def both_clocks(self, obj: Session) -> str | SafeString:
        return clocks_of_session(obj, self.entries)

    @admin.display(description=_("people and parts"))
    def people(self, obj: Session) -> str | SafeString:
        entry = (self.entries or {}).get(obj.pk)
        return people_of(entry) if entry else "–"


class PartInline(SessionInline):
    fk_name = "parent"
    verbose_name = _("part")
    verbose_name_plural = _("parts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super(SessionInline, self).get_queryset(request)

    def day_of(self, obj: Any) -> WorkshopDay:
        day: WorkshopDay = obj.day
        return day


class AppearanceInline(ScopedTabular):
    model = Appearance
    fields = ("position", "speaker", "organisation", "role", "status")


def clocks_of_session(session: Session, entries: dict[int, SessionEntry] | None) -> str | SafeString:
    if entries is None:
        return error_of_clocks()
    entry = entries.get(session.pk)
    return clock_faces(entry.faces) if entry else "–"


def people_of(session: SessionEntry) -> str | SafeString:
    """Who appears, and what parts there are, each with a link to its page."""
    lines = [_who(appearance) for appearance in session.appearances]
    if session.everybody:
        lines.append(gettext("everybody takes part"))
    lines += [_part(part) for part in session.parts]
    if not lines:
        return "–"
    return format_html(
        '<ul class="people">{}</ul>', format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    )


def _who(appearance: AppearanceEntry) -> str:
    name = gettext("N.N.") if appearance.is_unnamed else ""
    if appearance.speaker:
        name = appearance.speaker.full_name
    house = choose(appearance.organisation.name, active_language())[0] if appearance.organisation else ""
    said = ", ".join(part for part in (name, house) if part)
    role = Appearance.Role(appearance.role).label
    return f"{said} ({role}, {Appearance.Status.TBC.label})" if appearance.is_open else f"{said} ({role})"


def _part(part: SessionEntry) -> SafeString:
    title = choose(part.title, active_language())[0]
    url = reverse("admin:workshops_session_change", args=[part.id])
    return format_html('{} <a href="{}">{}</a> {}', part.number, url, title, clock_faces(part.faces))


@admin.register(WorkshopDay)
class WorkshopDayAdmin(LanguagesColumn, OfOneWorkshopAdmin):
    area = Area.PROGRAMME
    list_display = ("day", "workshop", "both_clocks", "languages")
    list_display_links = ("day",)
    list_filter = (("workshop", ScopedRelatedFilter),)
    list_select_related = ("workshop__conference",)
    search_fields = ("workshop__title_de", "workshop__title_tr", "workshop__title_en")
    inlines = (SessionInline,)
    readonly_fields = ("both_clocks",)
    fieldsets = (
        (None, {"fields": ["workshop", ("date", "opens", "closes", "both_clocks"), *columns("title")]}),
        (_("For the run sheet"), {"fields": ["interpreters"]}),
        (
            _("Texts"),
            {
                "fields": columns("description", "results"),
                "description": ONE_LANGUAGE_AT_LEAST,
                "classes": ["collapse"],
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "workshop") if obj else fields

    @admin.display(description=_("day"), ordering="date")
    def day(self, obj: WorkshopDay) -> str:
        return weekday_date(obj.date)

    @admin.display(description=_("on both clocks"))
    def both_clocks(self, obj: WorkshopDay) -> str | SafeString:
        if obj.pk is None:
            return "–"
        found = day_clocks(obj)
        if found is None:
            return error_of_clocks()
        meaning = legend_text(found[1])
        return format_html('{}<span class="legend">{}</span>', clocks_of_day(obj), meaning)


@admin.register(Session)
class SessionAdmin(LanguagesColumn, OfOneWorkshopAdmin):
    area = Area.PROGRAMME
    to_workshop = "day__workshop"
    list_display = ("title", "day", "position", "kind", "duration_minutes", "languages")
    list_filter = (("day__workshop", ScopedRelatedFilter), "kind")
    list_select_related = ("day__workshop",)
    search_fields = ("title_de", "title_tr", "title_en")
    ordering = ("day__date", "day__opens", "position", "pk")
    inlines = (AppearanceInline, MaterialInline, PartInline)
    readonly_fields = ("both_clocks",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "day",
                    (
                        "both_clocks",
                        "position",
                        "kind",
                        "duration_minutes",
                        "language_of_speech",
                        "everybody",
                    ),
                    *columns("title"),
                    "parent",
                ]
            },
        ),
        (
            _("Texts"),
            {"fields": columns("description", "guiding_questions"), "description": ONE_LANGUAGE_AT_LEAST},
        ),
        (_("For the run sheet"), {"fields": ["technical_notes"]}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "day") if obj else fields

    def get_urls(self) -> list[URLPattern]:
        return [*material_urls(self), *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "parent" in form.base_fields:
            # A part lies on the day of the session it belongs to, and nothing is part of itself.
            rows = Session.objects.filter(day_id=obj.day_id).exclude(pk=obj.pk)
            form.base_fields["parent"].queryset = rows
            form.base_fields["parent"].choices = [("", "---------"), *((row.pk, str(row)) for row in rows)]
        return form

    def choices_for(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "parent":
            return Session.objects.filter(self.in_scope(self.changing(request))).select_related(
                "day__workshop"
            )
        return super().choices_for(db_field, request)

    @admin.display(description=_("on both clocks"))
    def both_clocks(self, obj: Session) -> str | SafeString:
        return clocks_of_session(obj, entries_of(obj.day)) if obj.pk else "–"
