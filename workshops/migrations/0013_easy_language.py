from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q

Field = Callable[..., "models.Field[Any, Any]"]


def _name(**values: Any) -> models.CharField[str, str]:
    return models.CharField(
        blank=True,
        help_text="The body that your law names for disputes about accessibility. Empty: none is named.",
        max_length=200,
        verbose_name="name of the conciliation body",
        **values,
    )


def _body(**values: Any) -> models.TextField[str, str]:
    return models.TextField(
        blank=True,
        help_text="What it does, and how it is reached. Markdown.",
        max_length=4000,
        verbose_name="conciliation body for accessibility",
        **values,
    )


def _limits(**values: Any) -> models.TextField[str, str]:
    return models.TextField(
        blank=True,
        help_text="What of your own texts, files or videos, why, and what people can use instead. Markdown.",
        max_length=10000,
        verbose_name="what else is not accessible",
        **values,
    )


def _easy(**values: Any) -> models.TextField[str, str]:
    return models.TextField(
        blank=True,
        help_text=(
            "Short sentences, known words, one thought in each line. Markdown. The page is linked where there is a text."
        ),
        max_length=20000,
        verbose_name="page in easy language",
        **values,
    )


def _in_each_language(name: str, field: Field) -> Iterator[migrations.AddField]:
    yield migrations.AddField("conference", name, field(default=""), preserve_default=False)
    for code in ("de", "tr", "en"):
        yield migrations.AddField("conference", f"{name}_{code}", field(null=True))


def _sign_videos(model: str) -> Iterator[migrations.AddField]:
    names = {
        "de": "German Sign Language (DGS)",
        "tr": "Turkish Sign Language (TİD)",
        "en": "International Sign",
    }
    for code, name in names.items():
        video = models.URLField(blank=True, default="", verbose_name=f"video in {name}")
        yield migrations.AddField(model, f"sign_video_{code}", video, preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0012_material")]

    operations = [
        *_in_each_language("conciliation_name", _name),
        *_in_each_language("accessibility_limits", _limits),
        *_in_each_language("easy_language", _easy),
        migrations.AlterField("conference", "conciliation_body", _body()),
        migrations.AlterField("conference", "conciliation_body_de", _body(null=True)),
        migrations.AlterField("conference", "conciliation_body_tr", _body(null=True)),
        migrations.AlterField("conference", "conciliation_body_en", _body(null=True)),
        migrations.AddField(
            "conference",
            "conciliation_website",
            models.URLField(blank=True, default="", verbose_name="website of the conciliation body"),
            preserve_default=False,
        ),
        migrations.AddField(
            "conference",
            "statement_written_on",
            models.DateField(blank=True, null=True, verbose_name="statement written on"),
        ),
        migrations.AddField(
            "conference",
            "statement_reviewed_on",
            models.DateField(
                blank=True,
                help_text="When somebody last looked at the pages and found that the statement still holds.",
                null=True,
                verbose_name="statement last reviewed on",
            ),
        ),
        *_sign_videos("conference"),
        *_sign_videos("workshop"),
        migrations.AddConstraint(
            "conference",
            models.CheckConstraint(
                condition=Q(statement_written_on__isnull=True)
                | Q(statement_reviewed_on__isnull=True)
                | Q(statement_reviewed_on__gte=F("statement_written_on")),
                name="conference_statement_reviewed_after_written",
                violation_error_message="The statement was reviewed before it was written.",
            ),
        ),
    ]
