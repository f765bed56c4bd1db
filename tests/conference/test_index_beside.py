"""Indexes made and dropped while others write: one that was broken off is in nobody's way."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from conference.index_beside import AddIndexBeside, DropFieldIndexesBeside
from registration.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def columns(index: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relname = %s",
            [index],
        )
        return [name for [name] in cursor.fetchall()]


@pytest.mark.postgresql
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


def indexes(column: str) -> list[str]:
    """Those of the outbox on just this column, by name."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Message._meta.db_table)
    return sorted(
        name
        for name, about in found.items()
        if (about["index"] or about["unique"]) and about["columns"] == [column]
    )


def test_the_index_of_a_foreign_key_goes_and_comes_back() -> None:
    before = ProjectState.from_apps(apps)
    operation = DropFieldIndexesBeside("message", "link")
    after = before.clone()
    operation.state_forwards("registration", after)
    made = indexes("link_id")

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("registration", editor, before, after)
    dropped = indexes("link_id")
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("registration", editor, after, before)

    assert (made, dropped) == (["registration_message_link_id_5be3881d"], [])
    assert indexes("link_id") == made
    fields = [state.models["registration", "message"].fields["link"] for state in (before, after)]
    assert [field.db_index for field in fields] == [True, False]


@pytest.mark.postgresql
def test_the_second_index_of_a_unique_text_goes_and_the_unique_one_stays() -> None:
    state = ProjectState.from_apps(apps)
    operation = DropFieldIndexesBeside("message", "message_id")

    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("registration", editor, state, state)
    both = indexes("message_id")
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("registration", editor, state, state)

    unique = "registration_message_message_id_key"
    assert both == ["registration_message_message_id_99b10156_like", unique]
    assert indexes("message_id") == [unique]
