"""An index for a large table, made while others write to it."""

from __future__ import annotations

from typing import Any

from django.db import migrations


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


def _is_postgres(schema_editor: Any) -> bool:
    return bool(schema_editor.connection.vendor == "postgresql")
