from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.message import Message
from workshops.models import Conference


class Suppression(models.Model):
    """An address that is not invited or otherwise canvassed again in one conference; mail about its owner's own
    registration still goes there.

    After an erasure only the `digest` is left (HMAC-SHA-256 of the normalised address under a key outside the
    database), so that whoever did not want to be written to is not written to again.
    """

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        DECLINED = "declined", _("declined the invitation")
        COMPLAINED = "complained", _("reported as spam")
        BOUNCED = "bounced", _("address does not exist")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="suppressions", verbose_name=_("conference")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    digest = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=15, choices=Reason)
    note = models.CharField(_("said by the mail provider"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("address not to be invited")
        verbose_name_plural = _("addresses not to be invited")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "digest"], name="suppression_once_per_address"),
            models.CheckConstraint(
                condition=Q(reason__in=["unsubscribed", "declined", "complained", "bounced"]),
                name="suppression_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return self.email or f"{self.digest[:8]}…"

    @property
    def is_organisers_to_lift(self) -> bool:
        """Where a person said no themselves, only they take it back."""
        return self.reason == self.Reason.BOUNCED


class DeliveryEvent(models.Model):
    """What a mail provider reported about one message after it had accepted it; each report is kept once."""

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("delayed")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("reported as spam")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")

    message = models.ForeignKey(
        Message, models.CASCADE, related_name="delivery_events", verbose_name=_("message")
    )
    provider = models.CharField(_("mail provider"), max_length=40)
    event_id = models.CharField(max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    occurred_at = models.DateTimeField(_("occurred"))
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)

    class Meta:
        verbose_name = _("delivery report")
        verbose_name_plural = _("delivery reports")
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="delivery_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
