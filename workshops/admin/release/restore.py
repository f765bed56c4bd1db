"""Restoring a version: first what that would change, in words; then it is done, and the person releases."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.release.look import look
from workshops.admin.release.shown import shown
from workshops.admin.release.versions import release_or_404
from workshops.domain.differences import differences
from workshops.domain.import_programme.take_back import Left
from workshops.domain.release import StaleProgrammeError, programme_of_release
from workshops.domain.restore_release import Restored, losing_rights, restore_release, staying
from workshops.models import Release

if TYPE_CHECKING:
    from workshops.admin.release.admin import ReleaseAdmin


def restore_urls(model_admin: ReleaseAdmin) -> list[URLPattern]:
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        return restore_view(request, model_admin, object_id)

    guarded = model_admin.admin_site.admin_view(view)
    return [path("<path:object_id>/restore/", guarded, name="workshops_release_restore")]


def restore_view(request: HttpRequest, model_admin: ReleaseAdmin, object_id: str) -> HttpResponse:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    release = release_or_404(request, model_admin, object_id)
    if request.method != "POST":
        return _page(request, model_admin, release)
    by: Any = request.user
    try:
        restored = restore_release(release=release, by=by, seen=request.POST.get("seen", ""))
    except StaleProgrammeError:
        return _page(request, model_admin, release, is_stale=True)
    _tell(request, model_admin, release, restored)
    url = reverse("admin:workshops_release_add")
    return HttpResponseRedirect(f"{url}?conference={release.conference_id}", status=303)


def _page(
    request: HttpRequest, model_admin: ReleaseAdmin, release: Release, *, is_stale: bool = False
) -> HttpResponse:
    present = look(conference=release.conference)
    then = programme_of_release(release=release)
    found = differences(before=present.programme, after=then) if present is not None else ()
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Restore this version"),
        "release": release,
        "present": present,
        "seen": present.digest if present is not None else "",
        "differences": shown(found),
        "staying": staying(release=release),
        "losing": losing_rights(release=release),
        "is_stale": is_stale,
    }
    status = HTTPStatus.CONFLICT if is_stale else HTTPStatus.OK
    return TemplateResponse(request, "admin/workshops/release/restore.html", context, status=status)


def _tell(request: HttpRequest, model_admin: ReleaseAdmin, release: Release, restored: Restored) -> None:
    done = gettext(
        "The programme stands as it was in release %(number)d. The public sees it when you release it."
    )
    messages.success(request, done % {"number": release.number})
    for left in restored.left:
        messages.warning(request, _in_words(left))
    model_admin.log_change(request, release, _("Restored"))


def _in_words(left: Left) -> str:
    return gettext("%(name)s: %(reason)s") % {"name": left.name, "reason": left.reason}
