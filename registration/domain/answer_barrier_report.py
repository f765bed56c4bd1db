from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.errors import DomainError
from registration.domain.outbox.owe import owe_message
from registration.models import BarrierReport, Message


def answer_barrier_report(*, report_id: int, answer: str) -> BarrierReport:
    """Keeps the organisers' answer and owes it to whoever reported the barrier, in the language of the report.

    Once only: of two organisers who press the button the second is told so. Raises DomainError.
    """
    text = answer.strip()
    if not text:
        raise DomainError(_("Write what is to be answered."))
    with transaction.atomic():
        report = BarrierReport.objects.select_for_update().filter(pk=report_id).first()
        if report is None:
            raise DomainError(_("This report does not exist."))
        if report.answered_at is not None:
            raise DomainError(_("This report has been answered already."))
        if not report.email:
            raise DomainError(_("No address was given, so there is nobody to write to. Mark it as answered."))
        report.answer, report.answered_at = text, timezone.now()
        report.save(update_fields=["answer", "answered_at"])
        owe_message(
            kind=Message.Kind.BARRIER_ANSWER,
            recipient=report.email,
            language=report.language,
            facts={"barrier_report": report.pk, "conference": report.conference_id},
        )
    return report
