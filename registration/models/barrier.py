from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.models import Conference


class BarrierReport(models.Model):
    """What somebody could not use, told to the organisers (BITV 2.0, section 7: feedback mechanism)."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="barrier_reports", verbose_name=_("conference")
    )
    page = models.CharField(_("page"), max_length=300, blank=True)
    description = models.TextField(_("what does not work"), max_length=4_000)
    email = models.EmailField(_("e-mail address for the answer"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("the organisers’ answer"), max_length=10_000, blank=True)

    class Meta:
        verbose_name = _("barrier report")
        verbose_name_plural = _("barrier reports")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="barrier_answer_has_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
