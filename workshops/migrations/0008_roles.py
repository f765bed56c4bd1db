from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Who looked after a workshop keeps everything there; who looked after a conference becomes its owner."""

    dependencies = [("workshops", "0007_reminders_and_overview")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("lead", "everything"),
                    ("programme", "programme"),
                    ("registrations", "registrations"),
                    ("access", "access details"),
                    ("reader", "read only"),
                ],
                default="lead",
                max_length=20,
                verbose_name="role",
            ),
        ),
        migrations.RemoveConstraint(model_name="membership", name="membership_once_per_workshop"),
        migrations.RemoveConstraint(model_name="membership", name="membership_once_per_conference"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "workshop", "role"), name="membership_role_once_per_workshop"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=Q(("workshop__isnull", True)),
                fields=("user", "conference", "role"),
                name="membership_role_once_per_conference",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=Q(("role__in", ["lead", "programme", "registrations", "access", "reader"])),
                name="membership_role_known",
            ),
        ),
    ]
