from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

_KINDS = [
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
    ("barrier_answer", "Answer to a reported barrier"),
    ("team", "Invitation to the team"),
]


class Migration(migrations.Migration):
    dependencies = [("registration", "0007_calendar")]

    operations = [
        migrations.AddField(
            model_name="barrierreport",
            name="answer",
            field=models.TextField(
                blank=True, default="", max_length=10000, verbose_name="the organisers’ answer"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="barrierreport",
            constraint=models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="barrier_answer_has_a_time"
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(choices=_KINDS, max_length=20, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="mailtext",
            name="kind",
            field=models.CharField(choices=_KINDS, max_length=20, verbose_name="kind"),
        ),
    ]
