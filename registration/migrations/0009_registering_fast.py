from django.db import migrations, models
from django.db.models import Q

from conference.index_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registration", "0008_barrier_answers")]

    operations = [
        AddIndexBeside(
            "registration",
            models.Index(
                fields=["workshop", "role", "waiting_since", "id"],
                condition=Q(status="waitlisted", offered_until__isnull=True),
                name="registration_waiting",
            ),
        ),
    ]
