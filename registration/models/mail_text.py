from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.models.message import Message
from workshops.models import Conference


class MailText(models.Model):
    """The hosts' own words for one kind of mail; where there are none, ours are sent.

    Times, access details and the personal link are not part of it: every mail of the kind has them anyway.
    """

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="mail_texts", verbose_name=_("conference")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Message.Kind)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    opening = models.TextField(_("opening"), max_length=5_000, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "kind"],
                name="mail_text_once_per_kind",
                violation_error_message=_("This kind of mail already has a text of its own."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
