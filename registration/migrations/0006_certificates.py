from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registration", "0005_codes_and_announcements")]

    operations = []
