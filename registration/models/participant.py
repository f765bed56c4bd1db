from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workshops.languages import CODES
from workshops.models import Conference


class Participant(models.Model):
    """A person known by e-mail in one conference. Only the address is known before the form is filled in."""

    conference = models.ForeignKey(
        Conference,
        models.CASCADE,
        related_name="participants",
        verbose_name=_("conference"),
        db_index=False,  # participant_email_once begins with it
    )
    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = CountryField(_("country"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: unknown; this person is written to in German and Turkish."),
    )
    # None: this person's joining is not recorded.
    joining_recorded_since = models.DateTimeField(
        _("agreed that joining is recorded"), null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "email"],
                name="participant_email_once",
                violation_error_message=_("This address is already known in this conference."),
            ),
            models.CheckConstraint(condition=Q(language__in=["", *CODES]), name="participant_language_known"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class PrivacyVersion(models.Model):
    """One version of the privacy notice and of the sentence people consent to; never changed once published."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="privacy_versions", verbose_name=_("conference")
    )
    number = models.PositiveIntegerField(_("version"))
    notice = models.TextField(_("privacy notice"), max_length=60_000, help_text=_("Markdown."))
    consent = models.TextField(_("wording of the consent"), max_length=1_000)
    published_at = models.DateTimeField(_("published"), auto_now_add=True)

    class Meta:
        verbose_name = _("privacy notice and consent")
        verbose_name_plural = _("privacy notices and consents")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["conference", "number"], name="privacy_version_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class Consent(models.Model):
    """That a person consented, when, in which language, and to which version of the wording (GDPR, Article 7(1))."""

    participant = models.ForeignKey(
        Participant,
        models.CASCADE,
        related_name="consents",
        verbose_name=_("participant"),
        db_index=False,  # consent_once_per_version begins with it
    )
    version = models.ForeignKey(
        PrivacyVersion, models.PROTECT, related_name="consents", verbose_name=_("version")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "version"], name="consent_once_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.version}"
