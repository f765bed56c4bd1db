"""Slides, handouts and links on the page of their session."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from workshops.admin.base import KoprueForm, ScopedAdmin
from workshops.admin.inlines import ScopedStacked
from workshops.domain.material import (
    ENDINGS,
    LARGEST_FILE,
    CheckedFile,
    MaterialError,
    check_file,
    put_file,
    too_large,
)
from workshops.models import Material
from workshops.views.material import file_answer


class MaterialForm(KoprueForm):
    upload = forms.FileField(
        label=_("file"),
        required=False,
        help_text=format_lazy(
            _("{kinds}; at most {megabytes} MB. Another file takes the place of the one there is."),
            kinds=", ".join(Material.Type.labels),
            megabytes=LARGEST_FILE // 2**20,
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS.values())}),
    )

    def clean_upload(self) -> CheckedFile | None:
        file = self.cleaned_data.get("upload")
        if file is None:
            return None
        try:
            if file.size > LARGEST_FILE:  # before it is read into memory
                raise too_large()
            return check_file(data=file.read(), file_name=file.name)
        except MaterialError as error:
            raise ValidationError(error.message) from error

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors.keys() & {"upload", "url"}:
            return cleaned
        checked, url = self.cleaned_data.get("upload"), self.cleaned_data.get("url")
        if bool(url) == bool(checked or self.instance.digest):
            self.add_error("url", _("Give either a file or a link."))
        elif checked:
            put_file(material=self.instance, checked=checked)
        return cleaned


class MaterialInline(ScopedStacked):
    model = Material
    form = MaterialForm
    max_num = 20
    readonly_fields = ("kept_file",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("kind", "language", "audience", "position"),
                    "title",
                    ("kept_file", "upload"),
                    "url",
                ],
                "description": _(
                    "What is visible to everybody, or to participants, is so as soon as it is saved."
                ),
            },
        ),
    )

    @admin.display(description=_("file there is"))
    def kept_file(self, obj: Material) -> str | SafeString:
        if obj.pk is None or not obj.digest:
            return "–"
        url = reverse("admin:workshops_session_material", args=[obj.pk])
        return format_html('<a href="{}">{}</a> ({})', url, obj.file_name, filesizeformat(obj.size))


def material_urls(model_admin: ScopedAdmin) -> list[URLPattern]:
    @require_safe
    def material(request: HttpRequest, key: int) -> HttpResponse:
        return _file(request, model_admin.get_queryset(request), key)

    view = model_admin.admin_site.admin_view(material)
    return [path("material/<int:key>/", view, name="workshops_session_material")]


def _file(request: HttpRequest, sessions: QuerySet[Any], key: int) -> HttpResponse:
    """For whoever sees the session in the admin, whatever the file's audience is."""
    rows = Material.objects.filter(pk=key, session__in=sessions.order_by()).exclude(digest="")
    if (found := rows.first()) is None:
        raise Http404
    response = file_answer(request, found)
    add_never_cache_headers(response)
    return response
