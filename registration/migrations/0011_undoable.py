from django.db import migrations, models
from django.db.models import Q

from conference.index_beside import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registration", "0010_sending_fast")]

    operations = [
        AddIndexBeside(
            "registration",
            models.Index(
                fields=["id"], condition=Q(before_decision__isnull=False), name="registration_undoable"
            ),
        ),
    ]
