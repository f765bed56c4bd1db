from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.admin.findings import findings_urls
from workshops.admin.translated import ONE_LANGUAGE_AT_LEAST, LanguagesColumn, columns
from workshops.admin.translation_desk import desk_urls
from workshops.admin.translation_exchange import translation_exchange_urls
from workshops.clocks import WallClockError, instant
from workshops.domain.kept_until import kept_until
from workshops.domain.scope import Right, Scope
from workshops.models import Conference, Platform, WorkshopDay


class ConferenceForm(KoprueForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "home_zone" in self.changed_data and self.cleaned_data.get("home_zone") and self.instance.pk:
            self._days_keep_their_times(self.cleaned_data["home_zone"])
        return cleaned

    def _days_keep_their_times(self, zone: str) -> None:
        """The programme’s wall-clock times must exist in the new zone as well."""
        try:
            for day in WorkshopDay.objects.filter(workshop__conference=self.instance, opens__isnull=False):
                for time in (day.opens, day.closes):
                    if time is not None:
                        instant(date=day.date, time=time, zone=zone)
        except (WallClockError, KeyError, ValueError, OSError):
            self.add_error(
                "home_zone",
                ValidationError(_("A time of the programme does not exist, or exists twice, in this zone.")),
            )


@admin.register(Conference)
class ConferenceAdmin(LanguagesColumn, ScopedAdmin):
    viewers = Right.CONFERENCE
    adders = Right.OPERATOR
    changers = Right.CONFERENCE
    deleters = Right.OPERATOR
    form = ConferenceForm
    list_display = ("name", "starts_on", "ends_on", "is_current", "languages")
    prepopulated_fields = {"slug": ("name_de",)}
    readonly_fields = ("personal_data_go",)
    fieldsets = (
        (None, {"fields": [*columns("name", "tagline"), ("slug", "is_current"), ("starts_on", "ends_on")]}),
        (
            _("The two clocks"),
            {
                "fields": [
                    ("home_zone", "home_label"),
                    *columns("home_zone_name"),
                    ("partner_zone", "partner_label"),
                    *columns("partner_zone_name"),
                ],
            },
        ),
        (_("E-mail"), {"fields": ["contact_email", *columns("sender_name"), ("reminders", "thanks")]}),
        (_("Personal data"), {"fields": ["retention_days", "personal_data_go"]}),
        (
            _("Texts"),
            {
                "fields": columns("description", "imprint", "conciliation_body"),
                "description": ONE_LANGUAGE_AT_LEAST,
            },
        ),
    )

    def in_scope(self, scope: Scope) -> Q:
        return scope.any_conferences()

    def get_urls(self) -> list[URLPattern]:
        return [*findings_urls(self), *translation_exchange_urls(self), *desk_urls(self), *super().get_urls()]

    def conference_of(self, obj: Any) -> int | None:
        found: int | None = obj.pk
        return found

    @admin.display(description=_("personal data are deleted from"))
    def personal_data_go(self, obj: Conference) -> str | SafeString:
        """Of people about whom nothing has been new for as many days."""
        if obj.pk is None:
            return "–"
        until = kept_until(conference=obj)
        return gettext("never") if until is None else on_both_clocks(until, obj)


@admin.register(Platform)
class PlatformAdmin(LanguagesColumn, ScopedAdmin):
    adders = changers = deleters = Right.CONFERENCE
    list_display = ("name", "max_participants", "languages")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ["conference", "name", "website", "max_participants"]}),
        (_("Texts"), {"fields": columns("instructions"), "description": ONE_LANGUAGE_AT_LEAST}),
    )

    def in_scope(self, scope: Scope) -> Q:
        return scope.any_conferences("conference")
