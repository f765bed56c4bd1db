"""A day stores wall-clock times of the home zone; its sessions store order and duration; starts are derived."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workshops.clocks import WallClockError, instant
from workshops.languages import CODES
from workshops.models.people import Organisation, Speaker
from workshops.models.workshop import Workshop
from workshops.unnamed import is_unnamed


class WorkshopDay(models.Model):
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="days", verbose_name=_("workshop"))
    date = models.DateField(_("date"))
    opens = models.TimeField(
        _("opens"), null=True, blank=True, help_text=_("Home time. Empty: to be announced.")
    )
    closes = models.TimeField(
        _("closes"), null=True, blank=True, help_text=_("Home time. Empty: to be announced.")
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True, help_text=_("Markdown."))
    results = models.TextField(_("results"), max_length=20_000, blank=True, help_text=_("Markdown."))
    interpreters = models.TextField(
        _("interpreters"),
        max_length=1_000,
        blank=True,
        help_text=_("One name per line. They take turns every 30 minutes; only run sheets say so."),
    )

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["date", "opens", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "date"], name="day_once"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="day_both_times_or_none",
                violation_error_message=_("Give both the opening and the closing time, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__gt=F("opens")),
                name="day_closes_after_opening",
                violation_error_message=_("The day ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop}, {self.date:%d.%m.%Y}"

    def clean(self) -> None:
        """Refuses wall-clock times that do not exist, or exist twice, on this date."""
        errors: dict[str, ValidationError] = {}
        if self.date and self.workshop_id:
            for name in ("opens", "closes"):
                if (time := getattr(self, name)) is not None:
                    try:
                        instant(date=self.date, time=time, zone=self.workshop.conference.home_zone)
                    except WallClockError as error:
                        errors[name] = ValidationError(str(error.message))
        if errors:
            raise ValidationError(errors)


class Session(models.Model):
    """One agenda item of a day. A part belongs to its parent's day and lies within it."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("Technical introduction")
        WELCOME = "welcome", _("Welcome")
        INTRODUCTION = "introduction", _("Introduction")
        KEYNOTE = "keynote", _("Keynote")
        PRESENTATION = "presentation", _("Presentation")
        DISCUSSION = "discussion", _("Discussion")
        WORK = "work", _("Working session")
        BREAK = "break", _("Break")
        SUMMARY = "summary", _("Summary")
        RESULTS = "results", _("Results")

    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="sessions", verbose_name=_("day"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.PRESENTATION)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), max_length=10_000, blank=True, help_text=_("Markdown."))
    guiding_questions = models.TextField(
        _("guiding questions"), max_length=10_000, blank=True, help_text=_("Markdown, as a list.")
    )
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
        help_text=_("Empty: to be announced; what follows has no fixed start then."),
    )
    language_of_speech = models.CharField(
        _("language of speech"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("What is spoken in the room. Empty: any of the workshop’s languages."),
    )
    everybody = models.BooleanField(_("everybody takes part"), default=False)
    technical_notes = models.TextField(
        _("technical notes"),
        max_length=4_000,
        blank=True,
        help_text=_("For the run sheet: slides, films, breakout rooms. Never published."),
    )

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_minutes__isnull=True) | Q(duration_minutes__gt=0),
                name="session_lasts",
                violation_error_message=_("A session lasts at least one minute."),
            ),
            models.CheckConstraint(
                condition=Q(language_of_speech__in=["", *CODES]), name="session_language_of_speech_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="session_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A part lies on its parent's day, and no chain of parts leads back to its beginning."""
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("A session cannot be part of itself.")})
            if self.day_id and ancestor.day_id != self.day_id:
                raise ValidationError(
                    {"parent": _("A part lies on the same day as the session it belongs to.")}
                )
            ancestor = ancestor.parent


class Appearance(models.Model):
    """Ties a person, or an organisation that has not named one yet (N.N.), to a session."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("Speaker")
        MODERATOR = "moderator", _("Moderator")
        GREETING = "greeting", _("Greeting")
        RAPPORTEUR = "rapporteur", _("Rapporteur")
        TECHNICIAN = "technician", _("Technical support")

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        TBC = "tbc", _("to be confirmed")

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="appearances", verbose_name=_("session")
    )
    speaker = models.ForeignKey(
        Speaker, models.PROTECT, null=True, blank=True, related_name="appearances", verbose_name=_("speaker")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("organisation"),
        help_text=_("Only if it is not the speaker’s own, or if nobody is named yet."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.SPEAKER)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CONFIRMED)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaker__isnull=False) | Q(organisation__isnull=False),
                name="appearance_of_somebody",
                violation_error_message=_("Name a speaker, an organisation, or both."),
            ),
            models.UniqueConstraint(
                fields=["session", "speaker", "role"],
                condition=Q(speaker__isnull=False),
                name="appearance_once_per_role",
                violation_error_message=_("This person already has this role in the session."),
            ),
        ]

    def __str__(self) -> str:
        kind = self.organisation.kind if self.organisation else ""
        if is_unnamed(has_speaker=self.speaker is not None, organisation_kind=kind):
            return f"N.N., {self.organisation}"
        return str(self.speaker or self.organisation)
