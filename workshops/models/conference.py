from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.clocks import Zone
from workshops.languages import text_of


def validate_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone of the IANA database."), params={"zone": value}
        )


class Conference(models.Model):
    """One event of several days. It owns the two clocks and the releases; one conference at a time is on the site."""

    slug = models.SlugField(_("short name"), unique=True)
    is_current = models.BooleanField(_("shown on the site"), default=True)
    name = models.CharField(_("name"), max_length=200)
    tagline = models.CharField(_("in one line"), max_length=300, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True, help_text=_("Markdown."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    home_zone = models.CharField(
        _("home time zone"), max_length=60, default="Europe/Berlin", validators=[validate_zone]
    )
    home_label = models.CharField(_("label of the home clock"), max_length=12, default="CET")
    home_zone_name = models.CharField(_("meaning of the home label"), max_length=60)
    partner_zone = models.CharField(
        _("partner’s time zone"), max_length=60, default="Europe/Istanbul", validators=[validate_zone]
    )
    partner_label = models.CharField(_("label of the partner’s clock"), max_length=12, default="TRT")
    partner_zone_name = models.CharField(_("meaning of the partner’s label"), max_length=60)

    contact_email = models.EmailField(_("contact address"))
    sender_name = models.CharField(_("sender’s name in e-mails"), max_length=120)
    retention_days = models.PositiveSmallIntegerField(
        _("days until personal data are deleted"),
        null=True,
        blank=True,
        default=90,
        help_text=_("Counted from the last day of the conference. Empty: personal data are kept."),
    )
    reminders = models.BooleanField(_("remind people the day before and an hour before"), default=True)
    thanks = models.BooleanField(_("thank people after the last day"), default=True)
    imprint = models.TextField(_("imprint"), max_length=20_000, blank=True, help_text=_("Markdown."))
    conciliation_body = models.TextField(
        _("conciliation body for accessibility"), max_length=4_000, blank=True, help_text=_("Markdown.")
    )

    class Meta:
        verbose_name = _("conference")
        verbose_name_plural = _("conferences")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="conference_ends_after_start",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(home_zone=F("partner_zone")),
                name="conference_two_zones",
                violation_error_message=_("The two clocks need two different time zones."),
            ),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="conference_one_current",
                violation_error_message=_("Another conference is already shown on the site."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zones(self) -> tuple[Zone, Zone]:
        """Both clocks, the home clock first."""
        return (
            Zone(self.home_zone, self.home_label, text_of(self, "home_zone_name")),
            Zone(self.partner_zone, self.partner_label, text_of(self, "partner_zone_name")),
        )
