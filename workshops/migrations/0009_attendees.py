from __future__ import annotations

import django.core.validators
from django.db import migrations, models


def _text(**values: bool) -> models.TextField[str, str]:
    return models.TextField(
        blank=True,
        help_text="Markdown.",
        max_length=5000,
        verbose_name="how to test the connection beforehand",
        **values,
    )


class Migration(migrations.Migration):
    dependencies = [("workshops", "0008_roles")]

    operations = [
        migrations.AddField(model_name="platform", name="connection_test", field=_text()),
        migrations.AddField(model_name="platform", name="connection_test_de", field=_text(null=True)),
        migrations.AddField(model_name="platform", name="connection_test_tr", field=_text(null=True)),
        migrations.AddField(model_name="platform", name="connection_test_en", field=_text(null=True)),
        migrations.AddField(
            model_name="workshop",
            name="join_minutes",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="Until then they are shown a waiting room, which opens by itself.",
                validators=[django.core.validators.MaxValueValidator(240)],
                verbose_name="minutes before the start from which people can join",
            ),
        ),
    ]
