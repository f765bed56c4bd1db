from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0005_codes_and_announcements")]

    operations = [
        migrations.AlterField(
            model_name="certificate",
            name="registration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="certificates",
                to="registration.registration",
                verbose_name="registration",
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="replaced_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="replaced"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True)),
                fields=("registration",),
                name="certificate_one_not_replaced",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("reminder", "Reminder of an invitation"),
                    ("link", "Personal link"),
                    ("received", "Registration received"),
                    ("confirmed", "Registration confirmed"),
                    ("waitlisted", "On the waiting list"),
                    ("promoted", "Place became free"),
                    ("offered", "Place offered"),
                    ("offer_lapsed", "Offer has ended"),
                    ("moved_up", "Moved up on the waiting list"),
                    ("declined", "Registration declined"),
                    ("cancelled", "Registration cancelled"),
                    ("access", "Access details"),
                    ("access_changed", "Access details changed"),
                    ("programme_changed", "Programme changed"),
                    ("announcement", "Message of the hosts"),
                    ("day_before", "Reminder the day before"),
                    ("hour_before", "Reminder an hour before"),
                    ("thanks", "Thanks"),
                    ("digest", "Daily overview for organisers"),
                    ("document", "Document ready"),
                    ("barrier_report", "Barrier reported"),
                    ("team", "Invitation to the team"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="mailtext",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
                    ("reminder", "Reminder of an invitation"),
                    ("link", "Personal link"),
                    ("received", "Registration received"),
                    ("confirmed", "Registration confirmed"),
                    ("waitlisted", "On the waiting list"),
                    ("promoted", "Place became free"),
                    ("offered", "Place offered"),
                    ("offer_lapsed", "Offer has ended"),
                    ("moved_up", "Moved up on the waiting list"),
                    ("declined", "Registration declined"),
                    ("cancelled", "Registration cancelled"),
                    ("access", "Access details"),
                    ("access_changed", "Access details changed"),
                    ("programme_changed", "Programme changed"),
                    ("announcement", "Message of the hosts"),
                    ("day_before", "Reminder the day before"),
                    ("hour_before", "Reminder an hour before"),
                    ("thanks", "Thanks"),
                    ("digest", "Daily overview for organisers"),
                    ("document", "Document ready"),
                    ("barrier_report", "Barrier reported"),
                    ("team", "Invitation to the team"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("claimed_at__isnull", False), ("status", "making")),
                fields=("status",),
                name="document_one_made_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.OrderBy(models.Case(models.When(status="failed", then=0), default=1)),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id")),
                name="message_in_the_list",
            ),
        ),
    ]
