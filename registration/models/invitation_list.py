from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.languages import CODES
from workshops.models import Conference, Workshop


class InvitationList(models.Model):
    """Many people to be invited at once, from what was pasted or uploaded to the last invitation written."""

    class Status(models.TextChoices):
        PREVIEW = "preview", _("to be looked at")
        SENDING = "sending", _("being sent")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="invitation_lists", verbose_name=_("conference")
    )
    workshops = models.ManyToManyField(
        Workshop, related_name="invitation_lists", blank=True, verbose_name=_("workshops")
    )
    # What single rows name: who may see the list follows from both.
    named_workshops = models.ManyToManyField(
        Workshop, related_name="+", blank=True, editable=False, verbose_name=_("workshops named in its rows")
    )
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("For rows that name none. Empty: both languages."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PREVIEW)
    remind_after_days = models.JSONField(
        _("reminders after days"),
        default=list,
        blank=True,
        help_text=_("Counted from the invitation; for those who have not answered by then."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    started_at = models.DateTimeField(_("sending began"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation list")
        verbose_name_plural = _("invitation lists")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["preview", "sending", "stopped", "done"]),
                name="invitation_list_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="preview") | Q(started_at__isnull=False),
                name="invitation_list_sent_has_a_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InvitationRow(models.Model):
    """One row of a list. What it holds of a person goes when the person's data go, and with the list."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        KNOWN = "known", _("already known")
        INVITED = "invited", _("already invited")
        REGISTERED = "registered", _("already registered")
        DUPLICATE = "duplicate", _("named twice")
        UNWANTED = "unwanted", _("not to be invited")
        MALFORMED = "malformed", _("not readable")

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WRITTEN = "written", _("invitation written")
        SKIPPED = "skipped", _("left out")
        REFUSED = "refused", _("refused")

    invitation_list = models.ForeignKey(
        InvitationList,
        models.CASCADE,
        related_name="rows",
        db_index=False,  # invitation_row_once begins with it
    )
    position = models.PositiveIntegerField(_("order"))
    # As the file counts: several addresses may stand in one row.
    line = models.PositiveIntegerField(_("row"))
    typed = models.CharField(_("as given"), max_length=500)
    email = models.EmailField(_("e-mail address"), blank=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    workshops = models.JSONField(
        _("workshops"), default=list, blank=True, help_text=_("Empty: those of the list.")
    )
    state = models.CharField(_("found"), max_length=10, choices=State)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    # Translated where it is shown, like the reasons of messages; the value is what stands in it.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reason_value = models.CharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("row of an invitation list")
        verbose_name_plural = _("rows of invitation lists")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invitation_list", "position"], name="invitation_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "written", "skipped", "refused"]),
                name="invitation_row_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", *CODES]), name="invitation_row_language_known"
            ),
        ]
        indexes = [
            models.Index(fields=["invitation_list", "outcome", "position"], name="invitation_row_next"),
            models.Index(fields=["email"], name="invitation_row_email"),
        ]

    def __str__(self) -> str:
        return f"{self.line}"

    @property
    def reason_text(self) -> str:
        """In the reader's language."""
        values: dict[str, Any] = {"value": self.reason_value}
        return gettext(self.reason) % values if self.reason else ""
