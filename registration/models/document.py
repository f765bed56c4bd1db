from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshops.models import Conference, Workshop, WorkshopDay


class Document(models.Model):
    """A file an organiser asked for; made by the worker, kept encrypted until it expires."""

    class Kind(models.TextChoices):
        PARTICIPANTS = "participants", _("Participant list")
        RUN_SHEET = "run_sheet", _("Run sheet")
        SIGN_IN = "sign_in", _("Sign-in list")
        BRIEFING = "briefing", _("Speakers’ briefing")
        CERTIFICATES = "certificates", _("Certificates of attendance")

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"
        ZIP = "zip", "ZIP"

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting to be made")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", pgettext_lazy("document", "failed")
        EXPIRED = "expired", _("expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="documents", verbose_name=_("conference")
    )
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("workshop")
    )
    day = models.ForeignKey(
        WorkshopDay, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("day")
    )
    kind = models.CharField(_("document"), max_length=20, choices=Kind)
    format = models.CharField(pgettext_lazy("of a file", "format"), max_length=5, choices=Format)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: both languages."),
    )
    # In which its mail is written: that of the page on which it was asked for.
    reader_language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Translated where it is shown, like the reasons of messages.
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    file = models.BinaryField(null=True, blank=True, editable=False)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "making", "ready", "failed", "expired"]),
                name="document_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="ready", expires_at__isnull=False) | ~Q(status="ready"),
                name="document_ready_has_an_end",
            ),
            # Each being made takes a worker, and the memory of one.
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status="making", claimed_at__isnull=False),
                name="document_one_made_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
