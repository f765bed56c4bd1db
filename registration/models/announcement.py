from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.registration import Registration
from workshops.models import Conference, Workshop, WorkshopDay


class Announcement(models.Model):
    """A free message to a filtered group, in the hosts' own words; who got it is in the outbox."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="announcements", verbose_name=_("conference")
    )
    workshops = models.ManyToManyField(
        Workshop, related_name="announcements", blank=True, verbose_name=_("workshops")
    )
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(_("text"), max_length=10_000, help_text=_("Markdown."))
    chosen = models.JSONField(_("to whom"), default=dict, editable=False)
    people = models.PositiveIntegerField(_("people written to"), default=0, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("message to a group")
        verbose_name_plural = _("messages to groups")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.subject


class Notice(models.Model):
    """That somebody was written to by the clock about one day: once, also if the day is moved afterwards."""

    class Kind(models.TextChoices):
        DAY_BEFORE = "day_before", _("the day before")
        HOUR_BEFORE = "hour_before", _("an hour before")
        THANKS = "thanks", _("thanks")

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="notices",
        db_index=False,  # notice_once begins with it
    )
    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "day", "kind"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["day_before", "hour_before", "thanks"]), name="notice_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"
