
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0002_offers_suppression_pace_mail_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailtext",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
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
                    ("barrier_report", "Barrier reported"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invitation", "Invitation"),
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
                    ("barrier_report", "Barrier reported"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
