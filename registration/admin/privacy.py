from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registration.domain.publish_privacy import publish_privacy
from registration.models import PrivacyVersion
from workshops.admin.base import ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.admin.translated import ONE_LANGUAGE_AT_LEAST, LanguagesColumn, columns
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import text_of


@admin.register(PrivacyVersion)
class PrivacyVersionAdmin(LanguagesColumn, ScopedAdmin):
    """People consented to a wording: a version is published and never changed."""

    area = Area.CONFERENCE
    viewers = adders = Right.CONFERENCE
    changers = deleters = Right.NOBODY
    list_display = ("version", "published", "languages")
    list_select_related = ("conference",)
    texts = (_("Texts"), {"fields": columns("consent", "notice"), "description": ONE_LANGUAGE_AT_LEAST})

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        head = ["conference", "number", "published"] if obj else ["conference"]
        return ((None, {"fields": head}), self.texts)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("published", *super().get_readonly_fields(request, obj)) if obj else ()

    def save_model(
        self, request: HttpRequest, obj: PrivacyVersion, form: forms.ModelForm[Any], change: bool
    ) -> None:
        done = publish_privacy(
            conference=obj.conference, notice=text_of(obj, "notice"), consent=text_of(obj, "consent")
        )
        obj.pk, obj.number, obj.published_at = done.pk, done.number, done.published_at

    @admin.display(description=_("version"), ordering="number")
    def version(self, obj: PrivacyVersion) -> str:
        return str(_("Version %(number)d")) % {"number": obj.number}

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, obj: PrivacyVersion) -> str | SafeString:
        return on_both_clocks(obj.published_at, obj.conference)
