from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.invitation import Invitation, PersonalLink
from registration.models.participant import Participant
from registration.models.registration import Registration

# Message.UNHURRIED in an order that never changes: the database knows its index by the condition, word by word.
FOR_MANY = ("announcement", "digest", "invitation", "reminder", "thanks")
_TO_MANY = Q(kind__in=FOR_MANY)
_WAITS = Q(status__in=["queued", "retry"])


class Message(models.Model):
    """One e-mail owed to one person: a row of the outbox, written in the transaction that owes it.

    It holds no text: the mail is rendered when it is sent, from what it refers to, so that neither a link nor access
    details ever lie in this table.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        REMINDER = "reminder", _("Reminder of an invitation")
        LINK = "link", _("Personal link")
        RECEIVED = "received", _("Registration received")
        CONFIRMED = "confirmed", _("Registration confirmed")
        WAITLISTED = "waitlisted", _("On the waiting list")
        PROMOTED = "promoted", _("Place became free")
        OFFERED = "offered", _("Place offered")
        OFFER_LAPSED = "offer_lapsed", _("Offer has ended")
        MOVED_UP = "moved_up", _("Moved up on the waiting list")
        DECLINED = "declined", _("Registration declined")
        CANCELLED = "cancelled", _("Registration cancelled")
        ACCESS = "access", _("Access details")
        ACCESS_CHANGED = "access_changed", _("Access details changed")
        PROGRAMME_CHANGED = "programme_changed", _("Programme changed")
        ANNOUNCEMENT = "announcement", _("Message of the hosts")
        DAY_BEFORE = "day_before", _("Reminder the day before")
        HOUR_BEFORE = "hour_before", _("Reminder an hour before")
        THANKS = "thanks", _("Thanks")
        DIGEST = "digest", _("Daily overview for organisers")
        DOCUMENT = "document", _("Document ready")
        BARRIER_REPORT = "barrier_report", _("Barrier reported")
        BARRIER_ANSWER = "barrier_answer", _("Answer to a reported barrier")
        TEAM = "team", _("Invitation to the team")

    # Mail nobody asked for: it is not sent to an address that is not to be invited (see Suppression).
    CANVASSING = frozenset({Kind.INVITATION, Kind.REMINDER})
    # Mail that is not owed by anything its reader did: it names the way out, and respects it (see Suppression).
    UNASKED = CANVASSING | {Kind.ANNOUNCEMENT}
    # Mail to many at once for which nobody waits: what is about somebody's own registration leaves before it.
    UNHURRIED = UNASKED | {Kind.THANKS, Kind.DIGEST}

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        RETRY = "retry", _("will be tried again")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.QUEUED)
    recipient = models.EmailField(_("recipient"))
    language = models.CharField(
        _("language"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: both languages."),
    )
    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("participant"),
    )
    # Each mail is about one of them: message_of_invitation and message_of_registration hold no row without.
    invitation = models.ForeignKey(
        Invitation, models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    link = models.ForeignKey(PersonalLink, models.CASCADE, null=True, blank=True, related_name="messages")
    facts = models.JSONField(
        _("facts"), default=dict, blank=True, help_text=_("Identifiers only, never a secret.")
    )
    message_id = models.CharField("Message-ID", max_length=200, unique=True, editable=False)
    provider_id = models.CharField(
        _("number at the mail provider"), max_length=200, blank=True, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "sending", "sent", "retry", "failed", "cancelled"]),
                name="message_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="sending", claim__isnull=False)
                | (~Q(status="sending") & Q(claim__isnull=True)),
                name="message_claimed_only_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | ~Q(status="sent"),
                name="message_sent_has_a_time",
            ),
        ]
        # A row enters each of them anew as it is claimed and again with its result: none is there that nobody asks.
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status__in=["queued", "retry"]), name="message_due"),
            # The next ones of a lane in their order, however many of the other wait: see domain/outbox/lanes.py.
            models.Index(
                fields=["due_at", "created_at"],
                condition=Q(~_TO_MANY, _WAITS),
                name="message_due_urgent",
            ),
            models.Index(
                fields=["due_at", "created_at"],
                condition=Q(_TO_MANY, _WAITS),
                name="message_due_many",
            ),
            models.Index(fields=["claimed_at"], condition=Q(status="sending"), name="message_claimed"),
            models.Index(fields=["created_at"], condition=Q(status="failed"), name="message_failed"),
            # The order of the outbox in the admin: its first page is read without sorting all of it.
            models.Index(
                Case(When(status="failed", then=0), default=1).asc(),
                F("created_at").desc(),
                F("id").asc(),
                name="message_in_the_list",
            ),
            models.Index(
                fields=["invitation"], condition=Q(invitation__isnull=False), name="message_of_invitation"
            ),
            models.Index(
                fields=["registration"],
                condition=Q(registration__isnull=False),
                name="message_of_registration",
            ),
            # Asked by delivery reports.
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="message_at_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
