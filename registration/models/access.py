from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.fields import EncryptedTextField
from registration.models.registration import Registration
from workshops.models import WorkshopDay


class AccessDetails(models.Model):
    """How people of one role get into one day. Encrypted at rest, read only when a mail or a page is rendered."""

    SECRETS = ("url", "meeting_number", "passcode", "dial_in", "interpreter_channel")

    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="access_details", verbose_name=_("day"))
    role = models.CharField(_("role"), max_length=10, choices=Registration.Role)
    url = EncryptedTextField(_("link"), blank=True)
    meeting_number = EncryptedTextField(_("meeting number"), blank=True)
    passcode = EncryptedTextField(_("passcode"), blank=True)
    dial_in = EncryptedTextField(_("dial-in"), blank=True)
    interpreter_channel = EncryptedTextField(_("interpreter’s channel"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("access details")
        verbose_name_plural = _("access details")
        ordering = ["day__date", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "role"],
                name="access_details_once_per_role",
                violation_error_message=_("This day already has access details for this role."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.get_role_display()}"

    @property
    def is_complete(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.url or self.meeting_number or self.dial_in)

    @property
    def website(self) -> str:
        """The link, where it leads to a website: none of ours may run something."""
        url = self.url.strip()
        return url if url.lower().startswith(("https://", "http://")) else ""
