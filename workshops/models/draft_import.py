from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.models.conference import Conference


class DraftImport(models.Model):
    """One uploaded draft, from the file to what of it was kept in the programme, and back.

    `draft` holds what was read (every line beside what it was understood as). The file itself is kept only until it
    is read. `before` holds the rows an applied import touched as they were, so that it can be undone. All three go
    when what is known about the conference's people goes.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        READING = "reading", _("being read")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")
        APPLIED = "applied", _("applied")
        UNDONE = "undone", _("undone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(
        Conference,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="draft_imports",
        verbose_name=_("conference"),
        help_text=_("Empty: a new conference is made from the draft."),
    )
    file_name = models.CharField(_("file"), max_length=200)
    file = models.BinaryField(null=True, blank=True, editable=False)
    language = models.CharField(
        _("language of the draft"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: it is recognised."),
    )
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("For dates without a year.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Translated where it is shown, like the reasons of messages.
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    draft = models.JSONField(null=True, blank=True, editable=False)
    report = models.JSONField(null=True, blank=True, editable=False)
    before = models.JSONField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("applied by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported draft")
        verbose_name_plural = _("imported drafts")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "reading", "read", "failed", "applied", "undone"]),
                name="draft_import_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["applied", "undone"], applied_at__isnull=False)
                | ~Q(status__in=["applied", "undone"]),
                name="draft_import_applied_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_emptied(self) -> bool:
        """It was read once, and what was read has been erased."""
        was_read = self.status in {self.Status.READ, self.Status.APPLIED, self.Status.UNDONE}
        return was_read and self.draft is None
