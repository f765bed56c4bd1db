"""Indexes of a large table, made and dropped while others write to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import migrations
from django.db.backends.ddl_references import Statement
from django.db.migrations.operations.base import Operation


class AddIndexBeside(migrations.AddIndex):
    """With PostgreSQL nobody waits meanwhile (`CREATE INDEX CONCURRENTLY`); SQLite has one writer at a time anyway.

    Stands in migrations with `atomic = False`.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not _is_postgres(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, to_state):
            # One that was broken off is left behind, unusable, and under this name.
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not _is_postgres(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, from_state):
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.index.name)
            schema_editor.remove_index(model, index, concurrently=True)

    def _model(self, app_label: str, schema_editor: Any, state: Any) -> Any:
        """None where this database does not hold it."""
        model = state.apps.get_model(app_label, self.model_name)
        return model if self.allow_migrate_model(schema_editor.connection.alias, model) else None


class DropFieldIndexesBeside(Operation):
    """The indexes go that Django gives a field by itself, but for the one that keeps it unique.

    They are those of a foreign key, of `db_index=True`, and, with PostgreSQL, another one for `LIKE 'x%'` of each text
    that is indexed or unique: no model names this one, so it is there again where Django makes such a field anew.
    In the model, `db_index=False` follows from it. Stands in migrations with `atomic = False`.
    """

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def state_forwards(self, app_label: str, state: Any) -> None:
        field = state.models[app_label, self.model_name].get_field(self.name).clone()
        field.db_index = False
        state.alter_field(app_label, self.model_name, self.name, field, preserve_default=True)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for index in self._indexes(app_label, schema_editor, from_state):
            _drop(schema_editor, index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for index in self._indexes(app_label, schema_editor, to_state):
            # One that was broken off is left behind, unusable, and under this name.
            _drop(schema_editor, index)
            if _is_postgres(schema_editor):
                index.template = schema_editor.sql_create_index_concurrently
            schema_editor.execute(index)

    def describe(self) -> str:
        return f"Drop the indexes of field {self.name} on {self.model_name}"

    def _indexes(self, app_label: str, schema_editor: Any, state: Any) -> Iterable[Statement]:
        """As Django makes them for the field of `state`; their names follow from table and column."""
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return ()
        found: Iterable[Statement] = schema_editor._field_indexes_sql(model, model._meta.get_field(self.name))
        return found


def _drop(schema_editor: Any, index: Statement) -> None:
    beside = "CONCURRENTLY " if _is_postgres(schema_editor) else ""
    schema_editor.execute(f"DROP INDEX {beside}IF EXISTS {index.parts['name']}")


def _is_postgres(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
