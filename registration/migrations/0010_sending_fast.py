from django.db import migrations, models
from django.db.models import Q

from conference.index_beside import AddIndexBeside

_WAITS = Q(status__in=["queued", "retry"])
_TO_MANY = Q(kind__in=("announcement", "digest", "invitation", "reminder", "thanks"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registration", "0009_registering_fast")]

    operations = [
        AddIndexBeside(
            "message",
            models.Index(
                fields=["due_at", "created_at"], condition=Q(~_TO_MANY, _WAITS), name="message_due_urgent"
            ),
        ),
        AddIndexBeside(
            "message",
            models.Index(
                fields=["due_at", "created_at"], condition=Q(_TO_MANY, _WAITS), name="message_due_many"
            ),
        ),
    ]
