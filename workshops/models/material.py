from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workshops.languages import CODES
from workshops.models.agenda import Session

if TYPE_CHECKING:
    _Rows = models.Manager["Material"]
else:
    _Rows = models.Manager


class _WithoutFiles(_Rows):
    def get_queryset(self) -> models.QuerySet[Material]:
        """A file is read where it is sent only, not with each list, and not by whatever deletes a session."""
        return super().get_queryset().defer("data")


class Material(models.Model):
    """What goes with a session: a file, kept in the database once it has been checked, or a link.

    Read as it is now, not as of a release: slides come minutes before a talk or days after it.
    """

    class Kind(models.TextChoices):
        SLIDES = "slides", _("Slides")
        HANDOUT = "handout", _("Handout")
        RECORDING = "recording", _("Recording")
        WEBSITE = "website", _("Website")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", pgettext_lazy("visible to", "everybody")
        PARTICIPANTS = "participants", _("confirmed participants of this workshop")
        ORGANISERS = "organisers", _("organisers only, for now")

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX"
        DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"
        XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"
        ODP = "application/vnd.oasis.opendocument.presentation", "ODP"
        ODT = "application/vnd.oasis.opendocument.text", "ODT"

    session = models.ForeignKey(Session, models.CASCADE, related_name="material", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.SLIDES)
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("In the language of the material itself.")
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: several languages, or none."),
    )
    audience = models.CharField(
        _("visible to"), max_length=12, choices=Audience, default=Audience.PARTICIPANTS
    )
    url = models.URLField(
        _("link"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("Of a film or a website, in place of a file."),
    )
    file_name = models.CharField(_("file"), max_length=200, blank=True, editable=False)
    content_type = models.CharField(max_length=80, choices=Type, blank=True, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    data = models.BinaryField(null=True, editable=False)

    objects = _WithoutFiles()

    class Meta:
        verbose_name = pgettext_lazy("one file or link", "material")
        verbose_name_plural = _("material")
        ordering = ["position", "pk"]
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=(Q(url="") & ~Q(digest="")) | (~Q(url="") & Q(digest="")),
                name="material_file_or_link",
                violation_error_message=_("Give either a file or a link."),
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["everybody", "participants", "organisers"]),
                name="material_audience_known",
            ),
            models.CheckConstraint(condition=Q(language__in=["", *CODES]), name="material_language_known"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())
