"""The page "Release the programme": what the public will see otherwise, what is wrong with it, and one button."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.helpers import Fieldset
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base import KoprueForm
from workshops.admin.findings import shown_findings
from workshops.admin.release.look import Present, conference_of, conferences_of, look
from workshops.admin.release.shown import shown
from workshops.admin.translated import columns
from workshops.clocks import WallClockError
from workshops.domain.differences import Difference
from workshops.domain.release import StaleProgrammeError, release_programme
from workshops.languages import CODES
from workshops.models import Conference, Release

if TYPE_CHECKING:
    from workshops.admin.release.admin import ReleaseAdmin

_NOTES = [f"note_{code}" for code in CODES]


def publish_view(request: HttpRequest, model_admin: ReleaseAdmin) -> HttpResponse:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    conferences = conferences_of(request, model_admin)
    conference = conference_of(request, model_admin, conferences)
    page = _Page(request, model_admin, conference, conferences)
    return page.answer()


class _Page:
    def __init__(
        self,
        request: HttpRequest,
        model_admin: ReleaseAdmin,
        conference: Conference | None,
        conferences: list[Conference],
    ) -> None:
        self.request, self.model_admin = request, model_admin
        self.conference, self.conferences = conference, conferences

    def answer(self) -> HttpResponse:
        if self.conference is None:
            return self.render({}, HTTPStatus.OK)
        if self.request.method == "POST":
            return self.publish(self.conference)
        return self.show(self.conference)

    # Publishing

    def publish(self, conference: Conference) -> HttpResponse:
        """What was typed is kept whatever is refused; what changed meanwhile is shown before anything is done."""
        present = look(conference=conference)
        note = self.note_form(conference, self.request.POST)
        if present is None:
            return self.show(conference, note=note, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        notice = self.notice(conference, present.differences())
        if not all([note.is_valid(), notice is None or notice.is_valid()]):
            return self.show(conference, note=note, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        seen = self.request.POST.get("seen", "")
        try:
            with transaction.atomic():
                said = self.release(conference, present, seen, note, notice)
        except (StaleProgrammeError, WallClockError):
            return self.show(conference, note=note, is_stale=True, status=HTTPStatus.CONFLICT)
        self.model_admin.message_user(self.request, said)
        return HttpResponseRedirect(reverse("admin:workshops_release_changelist"), status=303)

    def release(
        self,
        conference: Conference,
        present: Present,
        seen: str,
        note: forms.ModelForm[Any],
        notice: forms.Form | None,
    ) -> str:
        texts = {code: note.cleaned_data[f"note_{code}"] or "" for code in CODES}
        by: Any = self.request.user
        release = release_programme(conference=conference, note=texts, by=by, seen=seen)
        also = self.model_admin.announce(self.request, release=release, since=present.since, form=notice)
        self.model_admin.log_addition(self.request, release, [{"added": {}}])
        done = gettext("Release %(number)d is published.") % {"number": release.number}
        return " ".join(part for part in (done, also) if part)

    # Showing

    def show(
        self,
        conference: Conference,
        *,
        note: forms.ModelForm[Any] | None = None,
        is_stale: bool = False,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> HttpResponse:
        present = look(conference=conference)
        differences = present.differences() if present is not None else ()
        note = note or self.note_form(conference)
        since = present.since if present is not None else None
        notice = self.notice(conference, differences) if present is not None else None
        context: dict[str, Any] = {
            "present": present,
            "since": since,
            "number": since.number + 1 if since is not None else 1,
            "differences": shown(differences),
            "groups": shown_findings(request=self.request, conference=conference),
            "note_fieldset": Fieldset(note, fields=columns("note"), model_admin=self.model_admin),
            "notice_form": notice,
            "errors": note.errors or (notice.errors if notice is not None else {}),
            "is_stale": is_stale,
            "media": self.model_admin.media + note.media,
        }
        return self.render(context, status)

    def render(self, context: dict[str, Any], status: HTTPStatus) -> HttpResponse:
        frame = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": _("Release the programme"),
            "conference": self.conference,
            "others": [other for other in self.conferences if other != self.conference],
        }
        template = "admin/workshops/release/publish.html"
        return TemplateResponse(self.request, template, {**frame, **context}, status=status)

    # Forms

    def note_form(self, conference: Conference, data: Any = None) -> forms.ModelForm[Any]:
        form: Any = forms.modelform_factory(
            Release,
            form=KoprueForm,
            fields=_NOTES,
            formfield_callback=functools.partial(
                self.model_admin.formfield_for_dbfield, request=self.request
            ),
        )
        made: forms.ModelForm[Any] = form(data, instance=Release(conference=conference))
        return made

    def notice(self, conference: Conference, differences: tuple[Difference, ...]) -> forms.Form | None:
        return self.model_admin.notice_form(self.request, conference=conference, differences=differences)
