from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workshops.models.conference import Conference


class Release(models.Model):
    """One published state of the programme. The public reads its snapshot, never work in progress."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="releases", verbose_name=_("conference")
    )
    number = models.PositiveIntegerField(_("number"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    snapshot = models.JSONField(_("programme"), editable=False)
    published_at = models.DateTimeField(_("published"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"
