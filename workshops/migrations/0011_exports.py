from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


def _alt(language: str | None) -> models.CharField:
    return models.CharField(
        blank=True,
        help_text="Read out to whoever does not see it, in the printed programme.",
        max_length=200,
        null=language is not None,
        verbose_name="what the logo says",
    )


class Migration(migrations.Migration):
    dependencies = [("workshops", "0010_language_of_speech")]

    operations = [
        migrations.AddField(
            "conference",
            "logo_alt",
            models.CharField(
                blank=True,
                default="",
                help_text="Read out to whoever does not see it, in the printed programme.",
                max_length=200,
                verbose_name="what the logo says",
            ),
            preserve_default=False,
        ),
        migrations.AddField("conference", "logo_alt_de", _alt("de")),
        migrations.AddField("conference", "logo_alt_tr", _alt("tr")),
        migrations.AddField("conference", "logo_alt_en", _alt("en")),
        migrations.CreateModel(
            name="Logo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "content_type",
                    models.CharField(
                        choices=[("image/png", "PNG"), ("image/svg+xml", "SVG")],
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("data", models.BinaryField()),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logo",
                        to="workshops.conference",
                        verbose_name="conference",
                    ),
                ),
            ],
            options={"verbose_name": "logo", "verbose_name_plural": "logos"},
        ),
    ]
