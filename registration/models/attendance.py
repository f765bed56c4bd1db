from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.registration import Registration
from workshops.models import WorkshopDay


class Attendance(models.Model):
    """That somebody was there on a day of a workshop, as one source has it."""

    class Source(models.TextChoices):
        JOINED = "joined", _("pressed “join”")
        REPORT = "report", _("report of the platform")
        ORGANISER = "organiser", _("entered by an organiser")

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="attendances",
        verbose_name=_("registration"),
        db_index=False,  # attendance_once_per_source begins with it
    )
    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="attendances", verbose_name=_("day"))
    source = models.CharField(_("source"), max_length=10, choices=Source)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["day", "registration"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "day", "source"], name="attendance_once_per_source"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["joined", "report", "organiser"]), name="attendance_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}, {self.day}"


class Certificate(models.Model):
    """A certificate of attendance as it was issued; `facts` are what is printed, so that it can be compared later.

    Where a name was misspelt, another one is issued in its place: the former is `replaced_at` that moment for good.
    Its number is verified by a keyed hash (see `registration/domain/certificates/`), not by being secret.
    """

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="certificates", verbose_name=_("registration")
    )
    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    facts = models.JSONField(_("facts"), editable=False)
    # SHA-256 of each code under which it was printed: what is on paper stays good when SECRET_KEY is changed.
    seals = models.JSONField(default=list, editable=False)
    issued_at = models.DateTimeField(_("issued"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(replaced_at__isnull=True),
                name="certificate_one_not_replaced",
            )
        ]

    def __str__(self) -> str:
        return self.number
