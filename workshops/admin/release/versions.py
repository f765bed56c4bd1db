"""Looking at a version as the public saw it, and comparing any two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from workshops.admin.release.look import conference_of, conferences_of, look
from workshops.admin.release.shown import shown
from workshops.domain.differences import differences
from workshops.domain.programme import Programme
from workshops.domain.release import programme_of_release
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Conference, Release

if TYPE_CHECKING:
    from workshops.admin.release.admin import ReleaseAdmin

NOW = "now"


def version_urls(model_admin: ReleaseAdmin) -> list[URLPattern]:
    def look_at(request: HttpRequest, object_id: str) -> HttpResponse:
        return look_view(request, model_admin, object_id)

    def compare(request: HttpRequest) -> HttpResponse:
        return compare_view(request, model_admin)

    guarded = model_admin.admin_site.admin_view
    return [
        path("<path:object_id>/look/", guarded(look_at), name="workshops_release_look"),
        path("compare/", guarded(compare), name="workshops_release_compare"),
    ]


def release_or_404(request: HttpRequest, model_admin: ReleaseAdmin, key: str) -> Release:
    """One that this organiser may see; anybody else's looks like none. Raises PermissionDenied and Http404."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    rows = model_admin.get_queryset(request).select_related("conference")
    found: Release | None = rows.filter(pk__in=model_admin.keys([key])).first()
    if found is None:
        raise Http404
    return found


# Looking


def look_view(request: HttpRequest, model_admin: ReleaseAdmin, object_id: str) -> HttpResponse:
    """In the public's own frame, in each of its languages; whoever else has the address sees nothing."""
    release = release_or_404(request, model_admin, object_id)
    programme = programme_of_release(release=release)
    asked = request.GET.get("language") or get_language() or ""
    language = asked if asked in CODES else "en"
    context = {
        "request": request,
        "release": release,
        "programme": programme,
        "conference": programme.conference,
        "dates": programme.dates(),
        "shown_in": [(code, OWN_NAMES[code], code == language) for code in CODES],
    }
    with override(language):
        response = HttpResponse(render_to_string("admin/workshops/release/look.html", context))
    response.headers["Content-Language"] = language
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# Comparing


def compare_view(request: HttpRequest, model_admin: ReleaseAdmin) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    comparison = _Comparison(request, model_admin)
    return TemplateResponse(
        request,
        "admin/workshops/release/compare.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": _("Compare two versions"),
            **comparison.context(),
        },
    )


class _Comparison:
    """Without a choice: the last release, and the programme as it stands now."""

    def __init__(self, request: HttpRequest, model_admin: ReleaseAdmin) -> None:
        self.request, self.model_admin = request, model_admin
        self.conference = self._conference()
        self.releases = list(
            model_admin.get_queryset(request).filter(conference=self.conference).order_by("-number")
        )

    def _conference(self) -> Conference | None:
        """That of a release which is named."""
        for key in (self.request.GET.get("after"), self.request.GET.get("before")):
            if key and key != NOW:
                return release_or_404(self.request, self.model_admin, key).conference
        return conference_of(self.request, self.model_admin, conferences_of(self.request, self.model_admin))

    def context(self) -> dict[str, object]:
        newest = str(self.releases[0].pk) if self.releases else NOW
        before = self.request.GET.get("before") or newest
        after = self.request.GET.get("after") or NOW
        context: dict[str, object] = {
            "conference": self.conference,
            "releases": [(str(release.pk), release) for release in self.releases],
            "sides": [("before", before), ("after", after)],
        }
        sides = [self._programme(side) for side in (before, after)] if self.conference else []
        if len(sides) == 2 and sides[0] is not None and sides[1] is not None:
            context["differences"] = shown(differences(before=sides[0], after=sides[1]))
        return context

    def _programme(self, side: str) -> Programme | None:
        """None where the programme as it stands now has a time that names no instant."""
        if side == NOW:
            assert self.conference is not None  # noqa: S101 (asked before)
            present = look(conference=self.conference)
            return present.programme if present is not None else None
        release = next((release for release in self.releases if str(release.pk) == side), None)
        if release is None:
            raise Http404
        return programme_of_release(release=release)
