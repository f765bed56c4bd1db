"""Finds what belongs to a person without reading the whole log: django-auditlog has no index for what we keep there.

Of a table that grows with each registration, so it is made while others write.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_NAMES = ("participant", "registration")


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for name in _NAMES:
        # One that was broken off is left behind, unusable.
        editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS auditlog_of_{name}")
        editor.execute(
            f"CREATE INDEX CONCURRENTLY auditlog_of_{name} ON auditlog_logentry "
            f"((additional_data -> '{name}')) WHERE (additional_data -> '{name}') IS NOT NULL"
        )


def drop(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for name in _NAMES:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS auditlog_of_{name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0003_audit_entry"), ("auditlog", "0017_add_actor_email")]

    operations = [migrations.RunPython(make, drop, elidable=False)]
