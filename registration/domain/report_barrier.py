from __future__ import annotations

from django.db import transaction

from registration.domain.addresses import normal_address
from registration.domain.outbox.owe import owe_message
from registration.models import BarrierReport, Message
from workshops.models import Conference


def report_barrier(
    *, conference: Conference, page: str, description: str, email: str, language: str
) -> BarrierReport:
    """Keeps what somebody could not use and owes the organisers a mail about it.

    `email` may be empty: nobody has to give an address to point out a barrier. Raises InvalidAddress.
    """
    address = normal_address(email) if email.strip() else ""
    with transaction.atomic():
        report = BarrierReport.objects.create(
            conference=conference, page=page, description=description, email=address, language=language
        )
        owe_message(
            kind=Message.Kind.BARRIER_REPORT,
            recipient=conference.contact_email,
            language=language,
            facts={"barrier_report": report.pk},
        )
    return report
