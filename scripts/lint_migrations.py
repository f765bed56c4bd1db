"""`python scripts/lint_migrations.py`: would a migration fail, or break, the version that still runs beside it?

Checked are the migrations after those of the first version, before which nothing ran anywhere. The rules are
django-migration-linter's for PostgreSQL: nothing renamed or dropped, no column that the former version leaves empty.
They know SQL; of what Python does to the rows (`RunPython`) they know nothing: a person has to read the migrations that
are named for it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

FIRST_VERSION = {"accounts": "0003", "registration": "0008", "workshops": "0013"}
OURS = tuple(FIRST_VERSION)


def main() -> int:
    sys.path.insert(0, str(Path.cwd()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.test")
    import django  # noqa: PLC0415 (the settings come first)

    django.setup()
    from django.db.migrations import RunPython  # noqa: PLC0415
    from django_migration_linter import MigrationLinter  # noqa: PLC0415

    linter = MigrationLinter(no_cache=True, analyser_string="postgresql", quiet=["ok"])
    later = [
        migration
        for (app, name), migration in sorted(linter.migration_loader.disk_migrations.items())
        if app in OURS and name[:4] > FIRST_VERSION[app]
    ]
    for migration in later:
        linter.lint_migration(migration)
        if any(isinstance(operation, RunPython) for operation in migration.operations):
            sys.stdout.write(f"{migration}: what its RunPython does was not looked into\n")
    sys.stdout.write(f"{len(later)} migrations looked at, {linter.nb_erroneous} of them unsafe.\n")
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
