from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0009_attendees")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="language_of_speech",
            field=models.CharField(
                blank=True,
                choices=[("de", "German"), ("tr", "Turkish"), ("en", "English")],
                help_text="What is spoken in the room. Empty: any of the workshop’s languages.",
                max_length=2,
                verbose_name="language of speech",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("language_of_speech__in", ["", "de", "tr", "en"])),
                name="session_language_of_speech_known",
            ),
        ),
    ]
