from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.domain.errors import DomainError
from registration.models import BarrierReport


def mark_barrier_report_answered(*, report_id: int) -> BarrierReport:
    """Keeps when a report was first answered; again changes nothing. Raises DomainError if unknown."""
    with transaction.atomic():
        report = BarrierReport.objects.select_for_update().filter(pk=report_id).first()
        if report is None:
            raise DomainError(_("This report does not exist."))
        if report.answered_at is None:
            report.answered_at = timezone.now()
            report.save(update_fields=["answered_at"])
    return report
