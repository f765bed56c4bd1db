from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workshops", "0007_reminders_and_overview")]

    operations = []
