from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workshops.models.conference import Conference


class Organisation(models.Model):
    class Kind(models.TextChoices):
        HOST = "host", _("Host")
        CITY = "city", _("City")
        MINISTRY = "ministry", _("Ministry")
        AGENCY = "agency", _("Agency")
        INSTITUTE = "institute", _("Institute")
        COMPANY = "company", _("Company")
        PROVIDER = "provider", _("Service provider")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="organisations", verbose_name=_("conference")
    )
    slug = models.SlugField(_("short name in addresses"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CITY)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("abbreviation"), max_length=40, blank=True)
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["conference", "slug"], name="organisation_slug_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name


class Speaker(models.Model):
    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="speakers", verbose_name=_("conference")
    )
    slug = models.SlugField(_("short name in addresses"))
    academic_title = models.CharField(_("academic title"), max_length=40, blank=True)
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="speakers",
        verbose_name=_("organisation"),
    )
    position = models.CharField(_("position"), max_length=200, blank=True)
    biography = models.TextField(_("biography"), max_length=10_000, blank=True, help_text=_("Markdown."))
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Telephone or e-mail, for run sheets. Never published."),
    )

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["last_name", "first_name"]
        constraints = [models.UniqueConstraint(fields=["conference", "slug"], name="speaker_slug_once")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.academic_title, self.first_name, self.last_name) if part)
