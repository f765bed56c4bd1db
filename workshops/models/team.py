from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshops.models.conference import Conference
from workshops.models.workshop import Workshop


class Membership(models.Model):
    """What an organiser may do, and where: in one workshop, or in the whole conference where none is named.

    Somebody with several roles has several rows. Who leads the whole conference is its owner, and gives rights.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("everything")
        PROGRAMME = "programme", _("programme")
        REGISTRATIONS = "registrations", _("registrations")
        ACCESS = "access", _("access details")
        READER = "reader", _("read only")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("organiser")
    )
    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="memberships", verbose_name=_("conference")
    )
    workshop = models.ForeignKey(
        Workshop,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("workshop"),
        help_text=_("Empty: the whole conference."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.LEAD)
    daily_overview = models.BooleanField(
        _("daily overview by mail"), default=False, help_text=_("At seven in the morning, home clock.")
    )
    language = models.CharField(
        _("language of the overview"),
        max_length=2,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: German and Turkish."),
    )

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "workshop", "role"], name="membership_role_once_per_workshop"
            ),
            models.UniqueConstraint(
                fields=["user", "conference", "role"],
                condition=Q(workshop__isnull=True),
                name="membership_role_once_per_conference",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["lead", "programme", "registrations", "access", "reader"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.workshop or self.conference}, {self.get_role_display()}"

    @property
    def is_owner(self) -> bool:
        return self.workshop_id is None and self.role == self.Role.LEAD
