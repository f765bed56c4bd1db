from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
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
from workshops.domain.logo import Checked, LogoError, check_logo, keep_logo, remove_logo, shown_logo
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import CODES, active_language, choose
from workshops.models import Conference, Platform, WorkshopDay


class ConferenceForm(KoprueForm):
    logo_file = forms.FileField(
        label=_("logo"),
        required=False,
        help_text=_("PNG or SVG, at most 512 KB. Another file takes the place of the one there is."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg,image/png,image/svg+xml"}),
    )
    logo_remove = forms.BooleanField(label=_("no logo any more"), required=False)
    checked_logo: Checked | None = None

    def clean_logo_file(self) -> Any:
        if (file := self.cleaned_data.get("logo_file")) is not None:
            try:
                self.checked_logo = check_logo(data=file.read())
            except LogoError as error:
                raise ValidationError(error.message) from error
        return file

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._logo_has_words()
        if "home_zone" in self.changed_data and self.cleaned_data.get("home_zone") and self.instance.pk:
            self._days_keep_their_times(self.cleaned_data["home_zone"])
        return cleaned

    def _logo_has_words(self) -> None:
        """Whoever does not see it is told what it says."""
        if not self.checked_logo or any(self.cleaned_data.get(f"logo_alt_{code}") for code in CODES):
            return
        self.add_error("logo_alt_de", ValidationError(_("Say in at least one language what the logo says.")))

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


_LOGO_SENT = ("logo_file", "logo_remove")


@admin.register(Conference)
class ConferenceAdmin(LanguagesColumn, ScopedAdmin):
    area = Area.CONFERENCE
    viewers = Right.CONFERENCE
    adders = Right.OPERATOR
    changers = Right.CONFERENCE
    deleters = Right.OPERATOR
    form = ConferenceForm
    list_display = ("name", "starts_on", "ends_on", "is_current", "languages")
    prepopulated_fields = {"slug": ("name_de",)}
    readonly_fields = ("logo_shown", "personal_data_go")
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
        (
            _("Logo"),
            {
                "fields": ["logo_shown", "logo_file", "logo_remove", *columns("logo_alt")],
                "description": _(
                    "It stands on the printed programme and on the pictures that go with links."
                ),
            },
        ),
        (_("E-mail"), {"fields": ["contact_email", *columns("sender_name"), ("reminders", "thanks")]}),
        (_("Personal data"), {"fields": ["retention_days", "personal_data_go"]}),
        (
            _("Texts"),
            {
                "fields": columns("description", "imprint"),
                "description": ONE_LANGUAGE_AT_LEAST,
            },
        ),
        (
            _("Accessibility statement"),
            {
                "fields": [
                    ("statement_written_on", "statement_reviewed_on"),
                    *columns("accessibility_limits", "conciliation_name"),
                    "conciliation_website",
                    *columns("conciliation_body"),
                ],
                "description": _(
                    "What Köprü itself can and cannot do stands in the statement already. Add what concerns your own "
                    "texts, files and platforms, and the body that your law names for disputes."
                ),
            },
        ),
        (
            _("Easy language and sign language"),
            {
                "fields": [
                    *columns("easy_language"),
                    ("sign_video_de", "sign_video_tr", "sign_video_en"),
                ],
                "description": _(
                    "A text in easy language gets a page of its own. Videos are linked, not shown within our pages: "
                    "give the address at which a video can be watched."
                ),
            },
        ),
    )

    def in_scope(self, scope: Scope) -> Q:
        return scope.any_conferences()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the fields of a file to be sent, which hold nothing to be read, for those who only read."""
        fieldsets: Any = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field not in _LOGO_SENT]})
            for name, options in fieldsets
        ]

    def get_urls(self) -> list[URLPattern]:
        return [*findings_urls(self), *translation_exchange_urls(self), *desk_urls(self), *super().get_urls()]

    def conference_of(self, obj: Any) -> int | None:
        found: int | None = obj.pk
        return found

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("logo_remove") and not form.checked_logo:
            remove_logo(conference=obj)
        elif form.checked_logo:
            keep_logo(
                conference=obj, file_name=form.cleaned_data["logo_file"].name, checked=form.checked_logo
            )

    @admin.display(description=_("logo"))
    def logo_shown(self, obj: Conference) -> str | SafeString:
        """Within the page, so that the file has no address of its own."""
        logo = shown_logo(conference_id=obj.pk) if obj.pk is not None else None
        if logo is None:
            return "–"
        return format_html(
            '<img class="logo-shown" src="data:{};base64,{}" alt="{}">',
            logo.content_type,
            base64.b64encode(logo.data).decode(),
            choose(logo.alt, active_language())[0],
        )

    @admin.display(description=_("personal data are deleted from"))
    def personal_data_go(self, obj: Conference) -> str | SafeString:
        """Of people about whom nothing has been new for as many days."""
        if obj.pk is None:
            return "–"
        until = kept_until(conference=obj)
        return gettext("never") if until is None else on_both_clocks(until, obj)


@admin.register(Platform)
class PlatformAdmin(LanguagesColumn, ScopedAdmin):
    area = Area.PROGRAMME
    adders = changers = deleters = Right.CONFERENCE
    list_display = ("name", "max_participants", "languages")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ["conference", "name", "website", "max_participants"]}),
        (
            _("Texts"),
            {"fields": columns("instructions", "connection_test"), "description": ONE_LANGUAGE_AT_LEAST},
        ),
    )

    def in_scope(self, scope: Scope) -> Q:
        return scope.any_conferences("conference")
