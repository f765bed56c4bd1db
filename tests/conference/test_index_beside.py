"""An index made while others write: one that was broken off is in nobody's way."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from conference.index_beside import AddIndexBeside

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def columns(index: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relname = %s",
            [index],
        )
        return [name for [name] in cursor.fetchall()]


def test_what_a_broken_off_migration_left_behind_is_made_anew_and_taken_back() -> None:
    before = ProjectState.from_apps(apps)
    operation = AddIndexBeside("message", models.Index(fields=["attempts"], name="message_tried"))
    after = before.clone()
    operation.state_forwards("registration", after)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX message_tried ON registration_message (created_at)")

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("registration", editor, before, after)
    made = columns("message_tried")
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("registration", editor, after, before)

    assert (made, columns("message_tried")) == (["attempts"], [])
