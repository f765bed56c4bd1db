"""Certificates of attendance: one's own as a PDF, and the public page that says whether one is genuine."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.client_address import client_address
from conference.errors import too_many_requests
from registration.domain.certificates.issue import issue_certificate
from registration.domain.certificates.printing import certificate_pdf, file_name
from registration.domain.certificates.verify import Verdict, verify_certificate
from registration.domain.errors import DomainError
from registration.models import Registration
from registration.throttle import count
from registration.views.page import GONE, NOT_FOUND, page, see_other
from registration.views.visit import Visit, participants_page
from workshops.domain.printing import PdfUnavailableError

# Enough to check a whole class, too little to try seals.
TIMES, SECONDS = 60, 600
OWN_TIMES = 20
_STATUS = {Verdict.UNKNOWN: NOT_FOUND, Verdict.WITHDRAWN: GONE, Verdict.REPLACED: GONE}


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    if count("certificate", client_address(request), seconds=SECONDS) > TIMES:
        return too_many_requests(request, seconds=SECONDS)
    found = verify_certificate(code=code)
    context = {"found": found, "verdict": found.verdict.value, "facts": found.facts}
    return page(request, "certificate.html", context, status=_STATUS.get(found.verdict, 200))


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def own_certificate(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """Only the button issues one; the address alone leads to the page where it is."""
    own_page = f"{reverse('registration:my')}#{slug}"
    if request.method != "POST":
        return see_other(own_page)
    # By person: a whole office behind one address fetches its certificates on the same afternoon.
    if count("own-certificate", str(visit.participant.pk), seconds=SECONDS) > OWN_TIMES:
        return too_many_requests(request, seconds=SECONDS)
    rows = Registration.objects.filter(participant=visit.participant, workshop__slug=slug)
    registration = rows.first()
    if registration is None:
        raise Http404
    try:
        issued = issue_certificate(registration_id=registration.pk)
        pdf = certificate_pdf(certificate=issued)
    except DomainError as error:
        messages.error(request, str(error))
        return see_other(own_page)
    except PdfUnavailableError:
        messages.error(request, _("The certificate cannot be made at the moment. Please try again later."))
        return see_other(own_page)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, file_name(certificate=issued)) or ""
        },
    )
