from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.fields import EncryptedTextField
from registration.models.registration import Registration
from workshops.models import WorkshopDay


class AccessCode(models.Model):
    """One personal way into a day, from a list the platform gave (Kudo's added users); given to one person only.

    `digest` is keyed: it tells two equal codes apart from two different ones without showing either.
    """

    day = models.ForeignKey(
        WorkshopDay,
        models.CASCADE,
        related_name="access_codes",
        verbose_name=_("day"),
        db_index=False,  # access_code_once_per_day begins with it
    )
    role = models.CharField(_("role"), max_length=10, choices=Registration.Role)
    code = EncryptedTextField(_("code or link"))
    digest = models.CharField(max_length=64, editable=False)
    email = models.EmailField(
        _("meant for"), blank=True, help_text=_("Empty: whoever is next. Filled: this person only.")
    )
    registration = models.ForeignKey(
        Registration,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="access_codes",
        verbose_name=_("given to"),
    )
    assigned_at = models.DateTimeField(pgettext_lazy("access code", "given"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("personal access code")
        verbose_name_plural = _("personal access codes")
        ordering = ["day", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "digest"], name="access_code_once_per_day"),
            models.UniqueConstraint(
                fields=["day", "role", "registration"],
                condition=Q(registration__isnull=False),
                name="access_code_one_per_person",
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=True) | Q(assigned_at__isnull=False),
                name="access_code_given_has_a_time",
            ),
        ]
        indexes = [
            # A code once given is never given again, even when its person is gone.
            models.Index(
                fields=["day", "role", "id"], condition=Q(assigned_at__isnull=True), name="access_code_next"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.get_role_display()}"
