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
    conciliation_name = models.CharField(
        _("name of the conciliation body"),
        max_length=200,
        blank=True,
        help_text=_("The body that your law names for disputes about accessibility. Empty: none is named."),
    )
    conciliation_website = models.URLField(_("website of the conciliation body"), blank=True)
    conciliation_body = models.TextField(
        _("conciliation body for accessibility"),
        max_length=4_000,
        blank=True,
        help_text=_("What it does, and how it is reached. Markdown."),
    )
    accessibility_limits = models.TextField(
        _("what else is not accessible"),
        max_length=10_000,
        blank=True,
        help_text=_(
            "What of your own texts, files or videos, why, and what people can use instead. Markdown."
        ),
    )
    statement_written_on = models.DateField(_("statement written on"), null=True, blank=True)
    statement_reviewed_on = models.DateField(
        _("statement last reviewed on"),
        null=True,
        blank=True,
        help_text=_("When somebody last looked at the pages and found that the statement still holds."),
    )
    easy_language = models.TextField(
        _("page in easy language"),
        max_length=20_000,
        blank=True,
        help_text=_(
            "Short sentences, known words, one thought in each line. Markdown. "
            "The page is linked where there is a text."
        ),
    )
    # Not a text in three languages: each is another language, and none stands in for another.
    sign_video_de = models.URLField(_("video in German Sign Language (DGS)"), blank=True)
    sign_video_tr = models.URLField(_("video in Turkish Sign Language (TİD)"), blank=True)
    sign_video_en = models.URLField(_("video in International Sign"), blank=True)
    logo_alt = models.CharField(
        _("what the logo says"),
        max_length=200,
        blank=True,
        help_text=_("Read out to whoever does not see it, in the printed programme."),
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
            models.CheckConstraint(
                condition=Q(statement_written_on__isnull=True)
                | Q(statement_reviewed_on__isnull=True)
                | Q(statement_reviewed_on__gte=F("statement_written_on")),
                name="conference_statement_reviewed_after_written",
                violation_error_message=_("The statement was reviewed before it was written."),
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


class Logo(models.Model):
    """A conference's logo, as it was after it had been checked; it is drawn into PDFs and preview pictures.

    Apart from the conference, so that no query for that one carries it along; and read as it is now, not as of a
    release: whoever makes a picture of it tells its digest apart.
    """

    class Type(models.TextChoices):
        PNG = "image/png", "PNG"
        SVG = "image/svg+xml", "SVG"

    conference = models.OneToOneField(
        Conference, models.CASCADE, related_name="logo", verbose_name=_("conference")
    )
    file_name = models.CharField(_("file"), max_length=200)
    content_type = models.CharField(max_length=20, choices=Type, editable=False)
    data = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.file_name
