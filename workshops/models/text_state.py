from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from workshops.languages import CODES


class TextState(models.Model):
    """What a translation was made from: without it nobody can tell a translation that lags behind its source.

    `source_digest` is the source text's at the time the translation was last written, or said to be still right;
    `target_digest` is the translation's own, so that an edit elsewhere (a form, an import, the shell) is noticed.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    content_object = GenericForeignKey()
    field = models.CharField(max_length=50)
    language = models.CharField(max_length=2)
    source_language = models.CharField(max_length=2)
    source_digest = models.CharField(max_length=64)
    target_digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "field", "language"], name="text_state_once"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=CODES, source_language__in=CODES)
                & ~models.Q(language=models.F("source_language")),
                name="text_state_languages_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_type_id}/{self.object_id} {self.field} {self.language}"
