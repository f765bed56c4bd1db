"""Certificates as they were issued: to look at, to print again, to withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.shown import status_mark
from registration.domain.certificates.printing import certificate_pdf, file_name
from registration.domain.certificates.revoke import reinstate_certificate, revoke_certificate
from registration.domain.documents.make import NO_PDF
from registration.models import Certificate
from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import on_both_clocks
from workshops.domain.printing import PdfUnavailableError


def _revoke(pk: Any, request: HttpRequest) -> Certificate:
    return revoke_certificate(certificate_id=pk)


def _reinstate(pk: Any, request: HttpRequest) -> Certificate:
    return reinstate_certificate(certificate_id=pk)


@admin.register(Certificate)
class CertificateAdmin(OfOneWorkshopAdmin, BulkAdmin):
    to_workshop = "registration__workshop"
    change_form_template = "admin/registration/certificate/change_form.html"
    steps = (
        Step("revoke", _("Withdraw"), _revoke),
        Step("reinstate", _("Make valid again"), _reinstate),
    )
    list_display = ("number", "name", "workshop", "state", "issued")
    list_filter = (
        ("registration__workshop", ScopedRelatedFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
    )
    search_fields = (
        "number",
        "registration__participant__first_name",
        "registration__participant__last_name",
    )
    fields = ("number", "name", "workshop", "state", "issued", "revoked")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("registration__participant")

    def state_of(self, obj: Certificate) -> str:
        return gettext("withdrawn") if obj.revoked_at else gettext("valid")

    def name_of(self, obj: Certificate) -> str:
        return f"{obj.number}, {obj.facts['name']}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.pdf_view)
        return [
            path("<path:object_id>/pdf/", view, name="registration_certificate_pdf"),
            *super().get_urls(),
        ]

    def pdf_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """On paper again, as it was issued."""
        [key] = self.keys([object_id])
        certificate = self.get_queryset(request).filter(pk=key, revoked_at=None).first()
        if certificate is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            paper = certificate_pdf(certificate=certificate)
        except PdfUnavailableError:
            self.message_user(request, gettext(NO_PDF), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:registration_certificate_change", args=[key]))
        name = file_name(certificate=certificate)
        return HttpResponse(
            paper,
            content_type="application/pdf",
            headers={"Content-Disposition": content_disposition_header(True, name)},
        )

    @admin.display(description=_("name"))
    def name(self, obj: Certificate) -> str:
        return str(obj.facts["name"])

    @admin.display(description=_("workshop"), ordering="registration__workshop")
    def workshop(self, obj: Certificate) -> str:
        return str(obj.registration.workshop)

    @admin.display(description=_("status"), ordering="revoked_at")
    def state(self, obj: Certificate) -> SafeString:
        return status_mark("revoked" if obj.revoked_at else "confirmed", self.state_of(obj))

    @admin.display(description=_("issued"), ordering="issued_at")
    def issued(self, obj: Certificate) -> str | SafeString:
        return on_both_clocks(obj.issued_at, obj.registration.workshop.conference)

    @admin.display(description=_("withdrawn"), ordering="revoked_at")
    def revoked(self, obj: Certificate) -> str | SafeString:
        return on_both_clocks(obj.revoked_at, obj.registration.workshop.conference)
