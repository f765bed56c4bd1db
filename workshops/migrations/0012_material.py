from __future__ import annotations

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


class Migration(migrations.Migration):
    dependencies = [("workshops", "0011_exports")]

    operations = [
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("slides", "Slides"),
                            ("handout", "Handout"),
                            ("recording", "Recording"),
                            ("website", "Website"),
                        ],
                        default="slides",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="In the language of the material itself.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("de", "German"), ("tr", "Turkish"), ("en", "English")],
                        help_text="Empty: several languages, or none.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "everybody"),
                            ("participants", "confirmed participants of this workshop"),
                            ("organisers", "organisers only, for now"),
                        ],
                        default="participants",
                        max_length=12,
                        verbose_name="visible to",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Of a film or a website, in place of a file.",
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="link",
                    ),
                ),
                (
                    "file_name",
                    models.CharField(blank=True, editable=False, max_length=200, verbose_name="file"),
                ),
                (
                    "content_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("application/pdf", "PDF"),
                            (f"{_OFFICE}presentationml.presentation", "PPTX"),
                            (f"{_OFFICE}wordprocessingml.document", "DOCX"),
                            (f"{_OFFICE}spreadsheetml.sheet", "XLSX"),
                            (f"{_OPEN_DOCUMENT}presentation", "ODP"),
                            (f"{_OPEN_DOCUMENT}text", "ODT"),
                        ],
                        editable=False,
                        max_length=80,
                    ),
                ),
                ("size", models.PositiveIntegerField(default=0, editable=False)),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("data", models.BinaryField(null=True)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="material",
                        to="workshops.session",
                        verbose_name="session",
                    ),
                ),
            ],
            options={
                "verbose_name": "material",
                "verbose_name_plural": "material",
                "ordering": ["position", "pk"],
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=(Q(url="") & ~Q(digest="")) | (~Q(url="") & Q(digest="")),
                        name="material_file_or_link",
                        violation_error_message="Give either a file or a link.",
                    ),
                    models.CheckConstraint(
                        condition=Q(audience__in=["everybody", "participants", "organisers"]),
                        name="material_audience_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(language__in=["", "de", "tr", "en"]), name="material_language_known"
                    ),
                ],
            },
        ),
    ]
