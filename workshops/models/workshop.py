from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.languages import CODES
from workshops.models.conference import Conference
from workshops.models.people import Organisation


class Platform(models.Model):
    """Where a workshop meets, e.g. Kudo or Zoom; its instructions are sent with the access details."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="platforms", verbose_name=_("conference")
    )
    name = models.CharField(_("name"), max_length=60)
    website = models.URLField(_("website"), blank=True)
    max_participants = models.PositiveIntegerField(_("admits at most"), null=True, blank=True)
    instructions = models.TextField(
        _("how to join and to choose the interpreter’s channel"),
        max_length=10_000,
        blank=True,
        help_text=_("Markdown."),
    )
    connection_test = models.TextField(
        _("how to test the connection beforehand"), max_length=5_000, blank=True, help_text=_("Markdown.")
    )

    class Meta:
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["conference", "name"], name="platform_name_once")]

    def __str__(self) -> str:
        return self.name


def validate_languages(value: Any) -> None:
    if not isinstance(value, list) or any(code not in CODES for code in value):
        raise ValidationError(_("Give a list of language codes: de, tr, en."))


class Workshop(models.Model):
    """Anything one registers for. The counters of taken places are written by single statements only (see `save`)."""

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("Workshop")
        INFORMATION_EVENT = "information_event", _("Information event")
        ROUNDTABLE = "roundtable", _("Roundtable")

    class Admission(models.TextChoices):
        OPEN = "open", _("everybody interested")
        INVITED = "invited", _("invited people only")

    class Confirmation(models.TextChoices):
        MANUAL = "manual", _("by an organiser")
        AUTOMATIC = "automatic", _("at once, while places are free")

    class Promotion(models.TextChoices):
        AT_ONCE = "at_once", _("the next person on the waiting list gets it at once")
        OFFER = "offer", _("it is offered to the next person, who answers by a deadline")

    class Certificates(models.TextChoices):
        NOBODY = "nobody", _("nobody")
        CONFIRMED = "confirmed", _("everybody whose registration was confirmed")
        PRESENT = "present", _("everybody who was there long enough")

    COUNTERS = ("taken_active", "taken_listener")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="workshops", verbose_name=_("conference")
    )
    slug = models.SlugField(_("short name in addresses"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WORKSHOP)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=250)
    subtitle = models.CharField(_("subtitle"), max_length=250, blank=True)
    background = models.TextField(_("background"), max_length=20_000, blank=True, help_text=_("Markdown."))
    goals = models.TextField(_("goals"), max_length=20_000, blank=True, help_text=_("Markdown."))
    format = models.TextField(_("format"), max_length=20_000, blank=True, help_text=_("Markdown."))
    sign_video_de = models.URLField(_("video in German Sign Language (DGS)"), blank=True)
    sign_video_tr = models.URLField(_("video in Turkish Sign Language (TİD)"), blank=True)
    sign_video_en = models.URLField(_("video in International Sign"), blank=True)
    hosts = models.ManyToManyField(
        Organisation, through="WorkshopHost", related_name="hosted_workshops", verbose_name=_("hosts")
    )
    platform = models.ForeignKey(
        Platform, models.PROTECT, null=True, blank=True, related_name="workshops", verbose_name=_("platform")
    )
    interpreted_languages = models.JSONField(
        _("languages interpreted"), default=list, blank=True, validators=[validate_languages]
    )
    capacity_active = models.PositiveIntegerField(
        _("places for active participants"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    capacity_listener = models.PositiveIntegerField(
        _("places for listeners"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    taken_active = models.PositiveIntegerField(_("active places taken"), default=0, editable=False)
    taken_listener = models.PositiveIntegerField(_("listeners’ places taken"), default=0, editable=False)
    admission = models.CharField(
        _("who may register"), max_length=10, choices=Admission, default=Admission.OPEN
    )
    confirmation = models.CharField(
        _("how a registration is confirmed"), max_length=10, choices=Confirmation, default=Confirmation.MANUAL
    )
    promotion = models.CharField(
        _("when a place becomes free"), max_length=10, choices=Promotion, default=Promotion.AT_ONCE
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("working hours to answer an offer"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_(
            "Counted on working days, while offices are open in both countries; an offer ends at the latest when "
            "the workshop begins."
        ),
    )
    join_minutes = models.PositiveSmallIntegerField(
        _("minutes before the start from which people can join"),
        default=30,
        validators=[MaxValueValidator(240)],
        help_text=_("Until then they are shown a waiting room, which opens by itself."),
    )
    certificates = models.CharField(
        _("who gets a certificate of attendance"),
        max_length=10,
        choices=Certificates,
        default=Certificates.PRESENT,
    )
    certificate_percent = models.PositiveSmallIntegerField(
        _("percent of the time to have been there"),
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["conference", "slug"], name="workshop_slug_once"),
            models.UniqueConstraint(
                fields=["conference", "number"],
                condition=Q(number__isnull=False),
                name="workshop_number_once",
            ),
            models.CheckConstraint(
                condition=Q(capacity_active__isnull=True) | Q(taken_active__lte=F("capacity_active")),
                name="workshop_active_within_capacity",
                violation_error_message=_("More active places are taken than this limit allows."),
            ),
            models.CheckConstraint(
                condition=Q(capacity_listener__isnull=True) | Q(taken_listener__lte=F("capacity_listener")),
                name="workshop_listeners_within_capacity",
                violation_error_message=_("More listeners’ places are taken than this limit allows."),
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="workshop_registration_closes_after_opening",
                violation_error_message=_("Registration would close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Never writes back the counters it once read: by now somebody else may have taken a place."""
        if not self._state.adding and kwargs.get("update_fields") is None and not kwargs.get("force_insert"):
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key
                and field.name not in self.COUNTERS
                and field.attname in self.__dict__
            ]
        super().save(*args, **kwargs)


class WorkshopHost(models.Model):
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="workshop_hosts", verbose_name=_("workshop")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "organisation"], name="workshop_host_once")
        ]

    def __str__(self) -> str:
        return str(self.organisation)
