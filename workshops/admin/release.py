"""Publishing: the add page of a release is the "Release now" page; what is published is never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.release import release_programme
from workshops.domain.scope import Right, Scope
from workshops.models import Release


class ReleaseForm(KoprueForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        conference = self.cleaned_data.get("conference")
        if conference is not None:
            try:
                build_programme(conference=conference)
            except WallClockError as error:
                raise ValidationError(
                    _("The programme cannot be released: %(reason)s"), params={"reason": error.message}
                ) from None
        return cleaned


@admin.register(Release)
class ReleaseAdmin(ScopedAdmin):
    viewers = adders = Right.CONFERENCE
    changers = deleters = Right.NOBODY
    form = ReleaseForm
    list_display = ("number", "published", "note", "published_by")
    list_select_related = ("conference", "published_by")
    fields = ("conference", "note")

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("snapshot")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("conference", "number", "note", "published", "published_by") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("published", *super().get_readonly_fields(request, obj)) if obj else ()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {
            "title": _("Release the programme"),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            "introduction": _("The public then sees the programme as it stands now, until the next release."),
            "save_label": _("Release now"),
            **(extra_context or {}),
        }
        response: HttpResponse = super().add_view(request, form_url, extra)
        return response

    def save_model(
        self, request: HttpRequest, obj: Release, form: forms.ModelForm[Any], change: bool
    ) -> None:
        done = release_programme(conference=obj.conference, note=obj.note, by=request.user)  # type: ignore[arg-type]
        obj.pk, obj.number, obj.published_at = done.pk, done.number, done.published_at

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, obj: Release) -> str | SafeString:
        return on_both_clocks(obj.published_at, obj.conference)
