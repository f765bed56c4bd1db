"""The add page of a release is the page that publishes; what is published is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import ScopedAdmin
from workshops.admin.clocks import on_both_clocks
from workshops.admin.release.publish import publish_view
from workshops.admin.release.restore import restore_urls
from workshops.admin.release.versions import version_urls
from workshops.admin.translated import columns
from workshops.domain.differences import Difference
from workshops.domain.scope import Area, Right, Scope
from workshops.models import Conference, Release


@admin.register(Release)
class ReleaseAdmin(ScopedAdmin):
    """Other applications extend what publishing asks for and sets off: see `notice_form` and `announce`."""

    area = Area.PROGRAMME
    viewers = adders = Right.CONFERENCE
    changers = deleters = Right.NOBODY
    list_display = ("number", "published", "note", "published_by")
    list_select_related = ("conference", "published_by")

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).defer("snapshot")

    def get_urls(self) -> list[URLPattern]:
        return [*version_urls(self), *restore_urls(self), *super().get_urls()]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("conference", "number", *columns("note"), "published", "published_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("published", *super().get_readonly_fields(request, obj))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return publish_view(request, self)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """Its heading names the conference, too: a release itself is called by its number."""
        if (release := context.get("original")) is not None:
            context["subtitle"] = _heading(release)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, obj: Release) -> str | SafeString:
        return on_both_clocks(obj.published_at, obj.conference)

    # For other applications

    def notice_form(
        self, request: HttpRequest, *, conference: Conference, differences: Sequence[Difference]
    ) -> forms.Form | None:
        """What else the release page asks, in a fieldset of its own; bound to the request's data on POST."""
        return None

    def announce(
        self, request: HttpRequest, *, release: Release, since: Release | None, form: forms.Form | None
    ) -> str | None:
        """Called in the transaction of the release, with the valid form; the sentence it returns is shown."""
        return None


def _heading(release: Release) -> str:
    return gettext("Release %(number)d of %(conference)s") % {
        "number": release.number,
        "conference": release.conference,
    }
