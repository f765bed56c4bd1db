"""Certificates as they were issued: to look at, to print again, to withdraw, to issue anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from registration.admin.bulk import BulkAdmin, Step
from registration.admin.filters import HappenedFilter
from registration.admin.shown import status_mark
from registration.domain.certificates.print_again import print_again
from registration.domain.certificates.printing import file_name
from registration.domain.certificates.reissue import LONGEST_REASON, reissue_certificate
from registration.domain.certificates.revoke import reinstate_certificate, revoke_certificate
from registration.domain.documents.make import NO_PDF
from registration.models import Certificate
from workshops.admin.base import OfOneWorkshopAdmin, ScopedRelatedFilter
from workshops.admin.clocks import NONE, on_both_clocks
from workshops.domain.printing import PdfUnavailableError
from workshops.domain.scope import Area


def _revoke(pk: Any, request: HttpRequest) -> Certificate:
    return revoke_certificate(certificate_id=pk)


def _reinstate(pk: Any, request: HttpRequest) -> Certificate:
    return reinstate_certificate(certificate_id=pk)


def _reissue(pk: Any, request: HttpRequest) -> Certificate:
    form = ReasonForm(request.POST)
    # Before anything is said one sees what would happen.
    reason = form.cleaned_data["reason"] if form.is_valid() else "…"
    reissue_certificate(certificate_id=pk, reason=reason, by=request.user)  # type: ignore[arg-type]
    return Certificate.objects.get(pk=pk)


def _holds(certificate: Certificate) -> bool:
    return certificate.replaced_at is None and certificate.revoked_at is None


def _is_withdrawn(certificate: Certificate) -> bool:
    return certificate.replaced_at is None and certificate.revoked_at is not None


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "class": "vLargeTextField"}),
        help_text=_(
            "Kept in the log of changes. The new certificate says what is known of the person today; the former one is "
            "no longer valid, and whoever verifies it reads that it was replaced."
        ),
    )


@admin.register(Certificate)
class CertificateAdmin(OfOneWorkshopAdmin, BulkAdmin):
    area = Area.PEOPLE
    to_workshop = "registration__workshop"
    change_form_template = "admin/registration/certificate/change_form.html"
    steps = (
        Step("reissue", _("Issue anew"), _reissue, form=ReasonForm, fits=_holds),
        Step("revoke", _("Withdraw"), _revoke, fits=_holds),
        Step("reinstate", _("Make valid again"), _reinstate, fits=_is_withdrawn),
    )
    list_display = ("number", "name", "workshop", "state", "issued")
    list_filter = (
        ("registration__workshop", ScopedRelatedFilter),
        ("revoked_at", HappenedFilter),
        ("replaced_at", HappenedFilter),
    )
    search_fields = (
        "number",
        "registration__participant__first_name",
        "registration__participant__last_name",
    )
    fields = ("number", "name", "workshop", "person", "state", "issued", "revoked", "replaced", "others")
    readonly_fields = fields

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return super().rows(request).select_related("registration__participant")

    def state_of(self, obj: Certificate) -> str:
        if obj.replaced_at:
            return pgettext("certificate", "replaced")
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
        certificate = self.get_queryset(request).filter(pk=key, revoked_at=None, replaced_at=None).first()
        if certificate is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            paper = print_again(certificate=certificate, by=request.user)  # type: ignore[arg-type]
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
        return status_mark("confirmed" if _holds(obj) else "revoked", self.state_of(obj))

    @admin.display(description=_("issued"), ordering="issued_at")
    def issued(self, obj: Certificate) -> str | SafeString:
        return on_both_clocks(obj.issued_at, obj.registration.workshop.conference)

    @admin.display(description=_("withdrawn"), ordering="revoked_at")
    def revoked(self, obj: Certificate) -> str | SafeString:
        return on_both_clocks(obj.revoked_at, obj.registration.workshop.conference)

    @admin.display(description=_("replaced"), ordering="replaced_at")
    def replaced(self, obj: Certificate) -> str | SafeString:
        return on_both_clocks(obj.replaced_at, obj.registration.workshop.conference)

    @admin.display(description=_("participant"))
    def person(self, obj: Certificate) -> SafeString:
        """Where a misspelt name is corrected, before the certificate is issued anew."""
        url = reverse("admin:registration_participant_change", args=[obj.registration.participant_id])
        return format_html('<a href="{}">{}</a>', url, obj.registration.participant)

    @admin.display(description=_("other certificates of this registration"))
    def others(self, obj: Certificate) -> SafeString | str:
        rows = obj.registration.certificates.exclude(pk=obj.pk)
        links = (
            (reverse("admin:registration_certificate_change", args=[row.pk]), row, self.state_of(row))
            for row in rows
        )
        return format_html_join(", ", '<a href="{}">{}</a> ({})', links) or NONE
