"""What a test has really committed, deleted after it.

Django truncates every table and has the apps fill theirs anew, which takes PostgreSQL half a second for the 56 of ours.
Here what the apps fill in stays, and the others are emptied where something is in them.
"""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase

_FILLED = (ContentType, Permission)
_KEPT = {model._meta.db_table for model in (*_FILLED, MigrationRecorder.Migration)}


def empty_instead_of_truncating() -> None:
    """From now on, as long as what the apps have filled in is all there; to be called when a database is new."""
    truncate, at_first = TransactionTestCase._fixture_teardown, _filled()

    def teardown(case: TransactionTestCase) -> None:
        if _filled() == at_first:
            _empty()
        else:
            truncate(case)

    TransactionTestCase._fixture_teardown = teardown


def _filled() -> list[int]:
    return [model._base_manager.count() for model in _FILLED]


def _empty() -> None:
    """References are checked at the end, so that the order does not matter; sessions that linger are waited for."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - _KEPT
    names = [connection.ops.quote_name(table) for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names]  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        for [name] in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608
