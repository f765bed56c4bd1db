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
    # Neither: sent as soon as it is saved.
    send_at = models.DateTimeField(
        _("send at"), null=True, blank=True, help_text=_("Whoever is confirmed later gets them at once.")
    )
    hours_before = models.PositiveSmallIntegerField(
        _("send so many hours before the start"), null=True, blank=True
    )
    personal_codes = models.BooleanField(
        _("one personal code each"),
        default=False,
        help_text=_("Whoever has no code yet is written to as soon as there is one."),
    )
    # How often they were announced; 0: nobody knows them yet.
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    # The code of the person they were read for, see `access_for`; never stored here.
    own_code: str = ""

    class Meta:
        verbose_name = _("access details")
        verbose_name_plural = _("access details")
        ordering = ["day__date", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "role"],
                name="access_details_once_per_role",
                violation_error_message=_("This day already has access details for this role."),
            ),
            models.CheckConstraint(
                condition=models.Q(send_at__isnull=True) | models.Q(hours_before__isnull=True),
                name="access_details_one_time_of_sending",
                violation_error_message=_("Choose a time or a number of hours, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.get_role_display()}"

    @property
    def is_complete(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.url or self.meeting_number or self.dial_in or self.personal_codes)

    @property
    def link(self) -> str:
        """The person's own link where their code is one, else everybody's."""
        return self.own_code if _is_website(self.own_code) else self.url.strip()

    @property
    def code(self) -> str:
        """The person's own code where it is no link."""
        return "" if _is_website(self.own_code) else self.own_code

    @property
    def website(self) -> str:
        """The link, where it leads to a website: none of ours may run something."""
        return self.link if _is_website(self.link) else ""


def _is_website(text: str) -> bool:
    return text.lower().startswith(("https://", "http://"))


class AccessTold(models.Model):
    """Which version of access details was written to whom, and with which mail."""

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="access_told",
        verbose_name=_("registration"),
        db_index=False,  # access_told_once_per_version begins with it
    )
    details = models.ForeignKey(
        AccessDetails, models.CASCADE, related_name="told", verbose_name=_("access details")
    )
    version = models.PositiveIntegerField(_("version"))
    message = models.ForeignKey("registration.Message", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("access details written to somebody")
        verbose_name_plural = _("access details written to somebody")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "details", "version"], name="access_told_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}"
