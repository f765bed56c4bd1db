from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.invitation import PersonalLink
from registration.models.participant import Participant


class CalendarSubscription(models.Model):
    """An address from which a person's calendar program fetches their events; it shows them and does nothing else.

    Made and kept like a personal link's token (see PersonalLink): the database alone opens nothing. It ends with the
    link it was made with, so that withdrawing a link that went astray closes everything.
    """

    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="calendar_subscriptions",
        verbose_name=_("participant"),
    )
    link = models.ForeignKey(
        PersonalLink, models.CASCADE, related_name="calendar_subscriptions", verbose_name=_("link")
    )
    seed = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar subscription")
        verbose_name_plural = _("calendar subscriptions")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(revoked_at__isnull=True), name="calendar_one_subscription"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
