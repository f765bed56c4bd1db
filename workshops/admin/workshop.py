from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.clocks import clocks_of_day, on_both_clocks
from workshops.admin.inlines import ScopedTabular
from workshops.admin.translated import ONE_LANGUAGE_AT_LEAST, LanguagesColumn, columns
from workshops.clocks import WallClockError, instant
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Workshop, WorkshopDay, WorkshopHost

CONFERENCE_DECIDES = ("slug", "kind", "number", "position")


class WorkshopForm(KoprueForm):
    interpreted_languages = forms.MultipleChoiceField(
        label=capfirst(_("languages interpreted")),
        choices=[(code, OWN_NAMES[code]) for code in CODES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            self._keep_what_is_taken()
        return cleaned

    def _keep_what_is_taken(self) -> None:
        """Asked of the database now: the counters read with the form may be old."""
        taken = Workshop.objects.only("taken_active", "taken_listener").get(pk=self.instance.pk)
        for capacity, counter in (
            ("capacity_active", "taken_active"),
            ("capacity_listener", "taken_listener"),
        ):
            limit = self.cleaned_data.get(capacity)
            if limit is not None and limit < getattr(taken, counter):
                self.add_error(capacity, _too_low(getattr(taken, counter)))


def _too_low(taken: int) -> str:
    return ngettext(
        "%(taken)d place is already taken; the limit cannot be lower.",
        "%(taken)d places are already taken; the limit cannot be lower.",
        taken,
    ) % {"taken": taken}


class HostInline(ScopedTabular):
    model = WorkshopHost
    fields = ("position", "organisation")


class DayForm(KoprueForm):
    """The model checks the clocks of a stored workshop’s days; this those entered together with it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        workshop = self.instance.workshop
        if workshop.pk is None and workshop.conference_id and (date := self.cleaned_data.get("date")):
            for name in ("opens", "closes"):
                self._check(name, date, workshop.conference.home_zone)
        return cleaned

    def _check(self, name: str, date: dt.date, zone: str) -> None:
        time = self.cleaned_data.get(name)
        try:
            if time is not None:
                instant(date=date, time=time, zone=zone)
        except WallClockError as error:
            self.add_error(name, str(error.message))


class DayFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        # The day's times are checked in the zone of its conference, before the workshop is saved.
        form.instance.workshop = self.instance
        return form


class DayInline(ScopedTabular):
    model = WorkshopDay
    form = DayForm
    formset = DayFormSet
    fields = ("date", "opens", "closes", "both_clocks")
    readonly_fields = ("both_clocks",)
    show_change_link = True
    # A day takes its agenda with it: it is deleted on its own page, which lists that, or says what keeps it.
    can_delete = False

    @admin.display(description=_("on both clocks"))
    def both_clocks(self, obj: WorkshopDay) -> str | SafeString:
        return clocks_of_day(obj) if obj.pk else "–"


@admin.register(Workshop)
class WorkshopAdmin(LanguagesColumn, ScopedAdmin):
    area = Area.PROGRAMME
    adders = deleters = Right.CONFERENCE
    form = WorkshopForm
    list_display = ("title", "number", "kind", "places", "admission", "closes", "languages")
    list_filter = ("kind", "admission", "confirmation", "promotion")
    list_select_related = ("conference",)
    search_fields = ("title_de", "title_tr", "title_en", "slug")
    prepopulated_fields = {"slug": ("title_de",)}
    inlines = (HostInline, DayInline)
    readonly_fields = ("places", "window")
    fieldsets = (
        (
            None,
            {"fields": ["conference", *columns("title", "subtitle"), ("kind", "number", "position"), "slug"]},
        ),
        (
            _("Registration"),
            {
                "fields": [
                    ("admission", "confirmation"),
                    ("capacity_active", "capacity_listener", "places"),
                    ("promotion", "offer_hours"),
                    ("registration_opens_at", "registration_closes_at"),
                    "window",
                ]
            },
        ),
        (_("Platform and languages"), {"fields": [("platform", "interpreted_languages"), "join_minutes"]}),
        (
            _("Texts"),
            {"fields": columns("background", "goals", "format"), "description": ONE_LANGUAGE_AT_LEAST},
        ),
        (_("Sign language"), {"fields": [("sign_video_de", "sign_video_tr", "sign_video_en")]}),
    )

    def in_scope(self, scope: Scope) -> Q:
        return scope.own_workshops()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        if obj and not self.changing(request).covers_conference(obj.conference_id):
            return (*fields, *CONFERENCE_DECIDES)
        return fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @admin.display(description=_("places taken"))
    def places(self, obj: Workshop) -> str:
        if obj.pk is None:
            return "–"
        active = _of(obj.taken_active, obj.capacity_active)
        listening = _of(obj.taken_listener, obj.capacity_listener)
        return str(_("active %(active)s, listening %(listening)s")) % {
            "active": active,
            "listening": listening,
        }

    @admin.display(description=_("registration closes"), ordering="registration_closes_at")
    def closes(self, obj: Workshop) -> str | SafeString:
        return on_both_clocks(obj.registration_closes_at, obj.conference)

    @admin.display(description=_("on both clocks"))
    def window(self, obj: Workshop) -> str | SafeString:
        if obj.pk is None:
            return "–"
        opens = on_both_clocks(obj.registration_opens_at, obj.conference)
        closes = on_both_clocks(obj.registration_closes_at, obj.conference)
        return format_html("{}: {}<br>{}: {}", _("opens"), opens, _("closes"), closes)


def _of(taken: int, limit: int | None) -> str:
    return f"{taken}/{limit}" if limit is not None else str(taken)
