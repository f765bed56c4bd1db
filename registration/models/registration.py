from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from workshops.models import Workshop


class Registration(models.Model):
    """One participant × one workshop. Its state is changed by the functions in `registration.domain` only."""

    class Role(models.TextChoices):
        ACTIVE = "active", _("active")
        LISTENER = "listener", _("listening")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("to decide")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("waiting list")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")

    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="registrations",
        verbose_name=_("participant"),
        db_index=False,  # registration_once_per_workshop begins with it
    )
    workshop = models.ForeignKey(
        Workshop,
        models.PROTECT,
        related_name="registrations",
        verbose_name=_("workshop"),
        db_index=False,  # registration_queue begins with it
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    listens_meanwhile = models.BooleanField(
        _("listens meanwhile"),
        default=False,
        help_text=_("Until an active place is theirs, this person listens."),
    )
    # The key of the queue: who is moved up gets an earlier one.
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    offered_until = models.DateTimeField(
        _("place offered until"),
        null=True,
        blank=True,
        help_text=_("A free place is held for this person, who has not accepted it yet."),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_note = models.TextField(
        _("reason"), max_length=500, blank=True, help_text=_("Why it was declined, as the person is told.")
    )
    # What the last decision changed and which mail says so: kept while it may still be undone.
    before_decision = models.JSONField(null=True, blank=True, editable=False)
    # How often it began, changed or ended that this person is let in: calendars take the newer entry by it.
    calendar_revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "workshop"], name="registration_once_per_workshop"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["active", "listener"]), name="registration_role_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "confirmed", "waitlisted", "declined", "cancelled"]),
                name="registration_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="waitlisted", waiting_since__isnull=False)
                | (~Q(status="waitlisted") & Q(waiting_since__isnull=True)),
                name="registration_waits_since_only_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(listens_meanwhile=False)
                | Q(status__in=["requested", "waitlisted"], role="active"),
                name="registration_listens_meanwhile_only_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(offered_until__isnull=True) | Q(status="waitlisted"),
                name="registration_offered_only_while_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["workshop", "status", "role", "waiting_since"], name="registration_queue"),
            # The queue itself: who is next, and how many stand before somebody, is read from it alone.
            models.Index(
                fields=["workshop", "role", "waiting_since", "id"],
                condition=Q(status="waitlisted", offered_until__isnull=True),
                name="registration_waiting",
            ),
            models.Index(
                fields=["offered_until"],
                condition=Q(offered_until__isnull=False),
                name="registration_offered",
            ),
            # Asked with each claim of mails: few decisions can still be undone, and nobody looks through the others.
            models.Index(
                fields=["id"], condition=Q(before_decision__isnull=False), name="registration_undoable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} – {self.workshop}"

    @property
    def admitted_role(self) -> str | None:
        """The role in which this person may come in today; None while nothing is confirmed."""
        if self.status == self.Status.CONFIRMED:
            return self.role
        return self.Role.LISTENER if self.listens_meanwhile else None

    @property
    def held_roles(self) -> frozenset[str]:
        """The places that are this person's today: those they are let in with, and one that is offered to them."""
        offered = {self.role} if self.offered_until is not None else set()
        return frozenset({self.admitted_role} - {None} | offered)  # type: ignore[arg-type]
