from __future__ import annotations

from auditlog.models import LogEntry

from conference.models import User
from registration.domain.certificates.printing import certificate_pdf
from registration.models import Certificate


def print_again(*, certificate: Certificate, by: User) -> bytes:
    """Somebody else's certificate on paper, for an organiser; recorded as an export. Raises PdfUnavailableError."""
    paper = certificate_pdf(certificate=certificate)
    taken = {"model": certificate._meta.label, "format": "pdf", "rows": 1}
    LogEntry.objects.log_create(
        certificate,
        force_log=True,
        action=LogEntry.Action.ACCESS,
        actor=by,
        additional_data={"export": taken},
    )
    return paper
