"""Asking for a document, and watching it being made: only the organiser who asked sees it, and only they open it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.shown import status_mark
from registration.domain.documents.open import DocumentGone, is_ready, open_document
from registration.domain.documents.request import FORMATS, request_document
from registration.domain.documents.rights import kinds_for, own_documents
from registration.domain.errors import DomainError
from registration.models import Document
from workshops.admin.base import KoprueForm, ScopedAdmin, scope_for
from workshops.admin.clocks import on_both_clocks
from workshops.domain.scope import Area, Right, Scope
from workshops.languages import active_language
from workshops.models import Conference, Workshop, WorkshopDay

_MARKS = {
    Document.Status.WAITING: "queued",
    Document.Status.MAKING: "sending",
    Document.Status.READY: "confirmed",
    Document.Status.FAILED: "failed",
    Document.Status.EXPIRED: "expired",
}
_DAILY = (Document.Kind.RUN_SHEET, Document.Kind.SIGN_IN, Document.Kind.BRIEFING)


_HINTS = {
    "workshop": "",
    "day": _("For run sheets, sign-in lists and briefings."),
    "format": _("Certificates come as a ZIP file, all else as PDF or as a spreadsheet (XLSX)."),
    "language": "",
}


class DocumentForm(KoprueForm):
    """`conferences`: those in which this organiser may ask for all workshops at once; the first one is meant."""

    conferences: list[Conference]

    class Meta:
        widgets = {"kind": forms.RadioSelect, "format": forms.RadioSelect, "language": forms.RadioSelect}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._check_format()
        workshop, day = self.cleaned_data.get("workshop"), self.cleaned_data.get("day")
        if day is not None and self.cleaned_data.get("kind") not in _DAILY:
            self.add_error("day", _("This document is about all days: leave the day empty."))
        elif day is not None and workshop is None:
            self.cleaned_data["workshop"] = workshop = day.workshop
        elif day is not None and workshop is not None and day.workshop_id != workshop.pk:
            self.add_error("day", _("This day belongs to another workshop."))
        if workshop is None and "workshop" not in self.errors and not self.conferences:
            self.add_error("workshop", _("Choose a workshop."))
        return cleaned

    def _check_format(self) -> None:
        kind, chosen = self.cleaned_data.get("kind"), self.cleaned_data.get("format")
        if kind and chosen and chosen not in FORMATS[kind]:
            possible = " / ".join(name.upper() for name in FORMATS[kind])
            said = _("This document comes as %(formats)s.")
            self.add_error("format", ValidationError(said, params={"formats": possible}))

    def _post_clean(self) -> None:
        """The row is written by the use case, with what the form does not ask."""

    def conference(self) -> Conference:
        workshop: Workshop | None = self.cleaned_data.get("workshop")
        return workshop.conference if workshop else self.conferences[0]


@admin.register(Document)
class DocumentAdmin(ScopedAdmin):
    area = Area.DOCUMENTS
    changers = Right.NOBODY
    form = DocumentForm
    change_form_template = "admin/registration/document/change_form.html"
    list_display = ("kind", "about", "format", "state", "asked", "kept")
    list_filter = ("status", "kind")
    fields = ("kind", "workshop", "day", "format", "language")
    actions = None

    class Media:
        js = ("koprue/documents.js",)

    def in_scope(self, scope: Scope) -> Q:
        return own_documents(scope)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(requested_by=request.user)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).select_related("conference", "workshop", "day").defer("file")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ()

    def choices_for(self, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        scope = scope_for(request)
        if db_field.name == "workshop":
            rows = Workshop.objects.filter(scope.own_workshops()).select_related("conference")
            return rows.order_by("-conference__is_current", "position", "pk")
        if db_field.name == "day":
            days = WorkshopDay.objects.filter(scope.own_workshops("workshop")).select_related(
                "workshop__conference"
            )
            return days.order_by("date", "workshop__position", "pk")
        return super().choices_for(db_field, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "workshop":
            kwargs["empty_label"] = (
                gettext("All workshops of the conference") if self._leads(request) else None
            )
            kwargs["required"] = not self._leads(request)
        if db_field.name == "day":
            kwargs["empty_label"] = gettext("All days")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":
            kwargs["choices"] = [("", gettext("German and Turkish")), *db_field.choices]
        elif db_field.name == "kind":
            own = kinds_for(scope_for(request))
            kwargs["choices"] = [choice for choice in db_field.choices if choice[0] in own]
        elif db_field.name == "format":
            kwargs["choices"] = db_field.choices
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.conferences = self._leads(request)
        for name, said in _HINTS.items():
            if name in form.base_fields:
                form.base_fields[name].help_text = said
                form.base_fields[name].widget.can_add_related = False
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"format": Document.Format.PDF, **super().get_changeform_initial_data(request)}

    def _leads(self, request: HttpRequest) -> list[Conference]:
        if not hasattr(request, "_koprue_leads"):
            own = Conference.objects.filter(scope_for(request).whole_conferences())
            request._koprue_leads = list(own.order_by("-is_current", "pk"))  # type: ignore[attr-defined]
        found: list[Conference] = request._koprue_leads  # type: ignore[attr-defined]
        return found

    # Asking

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {
            "title": _("Ask for a document"),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        response: HttpResponse = super().add_view(request, form_url, extra)
        return response

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        asked = {name: form.cleaned_data[name] for name in self.fields}
        made = request_document(
            **asked,
            conference=form.conference(),
            reader_language=active_language(),
            by=request.user,  # type: ignore[arg-type]
        )
        obj.__dict__.update(made.__dict__)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:registration_document_add"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on it."""

    def response_add(self, request: HttpRequest, obj: Document, post_url_continue: str | None = None) -> Any:
        return HttpResponseRedirect(reverse("admin:registration_document_change", args=[obj.pk]))

    # Watching and opening

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        document = self.get_object(request, object_id)
        extra = {"document": document, "is_ready": document is not None and is_ready(document)}
        if document is not None:
            extra |= {
                "title": document.get_kind_display(),
                "state": self.state(document),
                "about": self.about(document),
                "asked": self.asked(document),
                "kept": self.kept(document),
                "problem": gettext(document.problem) if document.problem else "",
                "is_unfinished": document.status in {Document.Status.WAITING, Document.Status.MAKING},
            }
        return super().change_view(request, object_id, form_url, {**extra, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.download_view)
        name = "registration_document_download"
        return [path("<path:object_id>/download/", view, name=name), *super().get_urls()]

    def download_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A button: who follows the link in the mail, or a scanner that does, takes nothing away."""
        [key] = self.keys([object_id])
        if not self.get_queryset(request).filter(pk=key).exists():
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            opened = open_document(document_id=key, by=request.user)  # type: ignore[arg-type]
        except Document.DoesNotExist:
            raise Http404 from None
        except DocumentGone as error:
            self.message_user(request, str(error), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:registration_document_change", args=[key]))
        return HttpResponse(
            opened.content,
            content_type=opened.content_type,
            headers={"Content-Disposition": content_disposition_header(True, opened.name) or ""},
        )

    @admin.display(description=_("about"))
    def about(self, obj: Document) -> str:
        return str(obj.day or obj.workshop or obj.conference)

    @admin.display(description=_("status"), ordering="status")
    def state(self, obj: Document) -> SafeString:
        return status_mark(_MARKS[Document.Status(obj.status)], obj.get_status_display())

    @admin.display(description=_("asked for"), ordering="requested_at")
    def asked(self, obj: Document) -> str | SafeString:
        return on_both_clocks(obj.requested_at, obj.conference)

    @admin.display(description=_("kept until"), ordering="expires_at")
    def kept(self, obj: Document) -> str | SafeString:
        return on_both_clocks(obj.expires_at if is_ready(obj) else None, obj.conference)
