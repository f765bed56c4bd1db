"""Importing a draft: upload, reading (it shows how far it is), preview, result, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference.models import User
from workshops.admin import draft_pages
from workshops.admin.base import KoprueForm, ScopedAdmin, scope_for
from workshops.admin.draft_pages import SeeOther, counts_in_words, is_late
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.open import kind_of, refuse_too_large
from workshops.domain.import_programme.errors import ImportRefusedError, StaleChoiceError
from workshops.domain.scope import Area, Level, Right, Scope
from workshops.domain.uploads.apply_upload import apply_upload
from workshops.domain.uploads.nudge import read_here
from workshops.domain.uploads.undo_upload import undo_upload
from workshops.domain.uploads.upload_draft import upload_draft
from workshops.languages import CODES, OWN_NAMES
from workshops.models import Conference, DraftImport

_Status = DraftImport.Status
_ENDINGS = ".docx,.xlsx,.csv,.txt,.md,.pdf"
_LANGUAGES = [("", _("recognise it from the text")), *((code, OWN_NAMES[code]) for code in CODES)]


class UploadForm(KoprueForm):
    """`content` is what the file holds, once the form has been found right."""

    content = b""
    upload = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": _ENDINGS}),
        help_text=_("Word (.docx), Excel (.xlsx), .csv, .txt, or a PDF with text; at most 10 MB."),
    )
    language = forms.ChoiceField(
        label=_("Language of the draft"), choices=_LANGUAGES, required=False, widget=forms.RadioSelect
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=2000,
        max_value=2099,
        help_text=_("Only if the draft has dates without a year, and names none at its head."),
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        try:
            refuse_too_large(size=upload.size)
            self.content = upload.read()
            kind_of(name=upload.name, data=self.content)
        except DraftFileError as error:
            raise ValidationError(str(error)) from None
        return upload


@admin.register(DraftImport)
class DraftImportAdmin(ScopedAdmin):
    area, seen_with = Area.PROGRAMME, Level.CHANGE
    viewers = adders = Right.CONFERENCE
    changers = deleters = Right.NOBODY
    form = UploadForm
    add_form_template = "admin/workshops/draftimport/upload.html"
    fields = ("upload", "conference", "language", "year")
    list_display = ("file_name", "state", "changes", "uploaded", "applied", "undone", "about")
    list_select_related = ("conference", "created_by", "applied_by")
    search_fields = ("file_name",)
    actions = None
    secrets = ("file", "draft", "report", "before")

    def in_scope(self, scope: Scope) -> Q:
        return scope.whole_conferences("conference")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().rows(request).defer("file", "draft", "report", "before")
        found: QuerySet[Any] = rows.annotate(counts=KeyTransform("counts", "report"))
        return found

    def get_urls(self) -> list[URLPattern]:
        views = {
            "status": self.status_view,
            "apply": self.apply_view,
            "undo": self.undo_view,
            "read": self.read_view,
        }
        own = [
            path(
                f"<uuid:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"workshops_draftimport_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    # The history

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().changelist_view(
            request, {"title": _("Imported drafts"), **(extra_context or {})}
        )
        return response

    @admin.display(description=_("conference"), ordering="conference")
    def about(self, obj: DraftImport) -> str:
        return str(obj.conference) if obj.conference else gettext("a new conference")

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: DraftImport) -> SafeString:
        return draft_pages.state(obj)

    @admin.display(description=_("uploaded"), ordering="created_at")
    def uploaded(self, obj: DraftImport) -> str | SafeString:
        return draft_pages.done_by(obj, obj.created_at, obj.created_by)

    @admin.display(description=_("applied"), ordering="applied_at")
    def applied(self, obj: DraftImport) -> str | SafeString:
        return draft_pages.done_by(obj, obj.applied_at, obj.applied_by)

    @admin.display(description=_("undone"), ordering="undone_at")
    def undone(self, obj: DraftImport) -> str | SafeString:
        return draft_pages.done_by(obj, obj.undone_at, None)

    @admin.display(description=_("what it changed"))
    def changes(self, obj: Any) -> str:
        return counts_in_words(obj.counts) if obj.counts else "–"

    # Uploading

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the operator makes conferences, also out of drafts."""
        may_make_one = scope_for(request).everything
        kwargs["required"] = not may_make_one
        kwargs["help_text"] = _("The draft is compared with the programme of this conference.")
        if may_make_one:
            kwargs["empty_label"] = _("a new conference, made from the draft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"title": _("Import a draft"), **(extra_context or {})}
        response: HttpResponse = super().add_view(request, form_url, extra)
        return response

    def save_model(self, request: HttpRequest, obj: DraftImport, form: Any, change: bool) -> None:
        given = form.cleaned_data
        kept = upload_draft(
            conference=given["conference"],
            name=given["upload"].name,
            data=form.content,
            language=given["language"],
            year=given["year"],
            by=_user(request),
        )
        obj.pk, obj.file_name = kept.pk, kept.file_name

    def response_add(
        self, request: HttpRequest, obj: DraftImport, post_url_continue: str | None = None
    ) -> HttpResponse:
        return SeeOther(_page(obj))

    # One import

    def one(self, request: HttpRequest, object_id: Any) -> DraftImport:
        """Somebody else's looks like none: raises Http404."""
        found: DraftImport | None = self.get_object(request, str(object_id))
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        upload = self.one(request, object_id)
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.page(request, upload)

    def page(
        self,
        request: HttpRequest,
        upload: DraftImport,
        *,
        problem: str = "",
        picked: Sequence[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        name, context = draft_pages.page_of(
            request=request, upload=upload, problem=problem, picked=picked, page=request.GET.get("page", "")
        )
        return self.rendered(request, name, {**context, "original": upload, "problem": problem}, status)

    def rendered(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        clocks = context["original"].conference or Conference()
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts, "clocks": clocks}
        template = f"admin/workshops/draftimport/{name}.html"
        return TemplateResponse(request, template, {**everywhere, **context}, status=status)

    def status_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        """What the page of an import that is being read asks, to know when to load anew."""
        upload = self.one(request, object_id)
        return JsonResponse({"status": upload.status, "is_late": is_late(upload)})

    def read_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        upload = self.one(request, object_id)
        if request.method == "POST" and is_late(upload):
            read_here()
        return SeeOther(_page(upload))

    def apply_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        upload = self.one(request, object_id)
        if request.method != "POST" or upload.status != _Status.READ:
            # A second click, or somebody else was quicker: the page says what was done.
            return SeeOther(_page(upload))
        picked = None if "everything" in request.POST else request.POST.getlist("picked")
        if picked == []:
            return self.page(
                request, upload, problem=gettext("Please pick at least one change."), picked=[], status=422
            )
        try:
            applied = apply_upload(draft_import=upload, picked=picked, by=_user(request))
        except StaleChoiceError as error:
            return self.page(request, upload, problem=str(error), picked=picked, status=409)
        except ImportRefusedError as error:
            messages.warning(request, str(error))
        else:
            facts = {"count": len(applied.done)}
            self.log_change(request, upload, (_("Applied; number of changes: %(count)d."), facts))
        return SeeOther(_page(upload))

    def undo_view(self, request: HttpRequest, object_id: Any) -> HttpResponse:
        upload = self.one(request, object_id)
        if upload.status != _Status.APPLIED or upload.is_emptied:
            return SeeOther(_page(upload))
        if request.method != "POST":
            context = {"title": _("Undo this import"), "original": upload}
            return self.rendered(request, "undo", {**context, "changes": counts_in_words(upload.report)})
        try:
            undo_upload(draft_import=upload, by=_user(request))
        except ImportRefusedError as error:
            messages.warning(request, str(error))
        else:
            self.log_change(request, upload, _("Undone."))
        return SeeOther(self._after_undoing(request, upload))

    def _after_undoing(self, request: HttpRequest, upload: DraftImport) -> str:
        """Where the conference itself went with its import, its leads have no page of it any more."""
        if self.get_queryset(request).filter(pk=upload.pk).exists():
            return _page(upload)
        messages.success(request, gettext("The import was undone, and the conference it had made is gone."))
        return reverse("admin:index")


def _page(upload: DraftImport) -> str:
    return reverse("admin:workshops_draftimport_change", args=[upload.pk])


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
