from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from workshops.models import Workshop


class PersonalLink(models.Model):
    """A capability to act as one participant.

    The token is derived from `seed` with a key that is not in the database, so that it can be rendered again when a
    mail is repeated; the database alone (`seed` and the token's SHA-256 `digest`) opens nothing.
    """

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="links", verbose_name=_("participant")
    )
    seed = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.pk}"


class Invitation(models.Model):
    """The mail that brings one person the personal link, for one or several workshops."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")
        FAILED = "failed", _("failed")

    participant = models.ForeignKey(
        Participant, models.CASCADE, related_name="invitations", verbose_name=_("participant")
    )
    workshops = models.ManyToManyField(Workshop, related_name="invitations", verbose_name=_("workshops"))
    link = models.OneToOneField(
        PersonalLink, models.RESTRICT, related_name="invitation", verbose_name=_("link")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )

    invitation_list = models.ForeignKey(
        "registration.InvitationList",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="invitations",
        verbose_name=_("invitation list"),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft",
                        "queued",
                        "sent",
                        "accepted",
                        "declined",
                        "expired",
                        "revoked",
                        "failed",
                    ]
                ),
                name="invitation_status_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant}"
