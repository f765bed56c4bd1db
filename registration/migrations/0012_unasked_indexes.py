from django.db import migrations, models
from django.db.models import Q

from conference.index_beside import AddIndexBeside, DropFieldIndexesBeside

# What takes its place is there before.
_NARROWER = {
    "invitation": ("message_of_invitation", Q(invitation__isnull=False)),
    "registration": ("message_of_registration", Q(registration__isnull=False)),
    "provider_id": ("message_at_provider", ~Q(provider_id="")),
}
# Another index of the table begins with the same column, or nobody searches by how the text begins.
_UNASKED = [
    ("message", "message_id"),
    ("personallink", "digest"),
    ("calendarsubscription", "digest"),
    ("certificate", "number"),
    ("participant", "conference"),
    ("registration", "participant"),
    ("registration", "workshop"),
    ("consent", "participant"),
    ("attendance", "registration"),
    ("notice", "registration"),
    ("accesstold", "registration"),
    ("accesscode", "day"),
    ("invitationrow", "invitation_list"),
]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registration", "0011_undoable")]

    operations = [
        *(
            AddIndexBeside("message", models.Index(fields=[field], condition=condition, name=name))
            for field, (name, condition) in _NARROWER.items()
        ),
        *(DropFieldIndexesBeside("message", field) for field in _NARROWER),
        *(DropFieldIndexesBeside(model, field) for model, field in _UNASKED),
    ]
