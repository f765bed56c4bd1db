from __future__ import annotations

from types import ModuleType
from typing import IO

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from conference import VERSION
from registration.domain.backup import postgres, sqlite
from registration.domain.backup.archive import DATABASE, ArchiveWriter, Manifest
from registration.domain.backup.engine import has_tables
from registration.domain.backup.errors import BackupError

ENGINES: dict[str, ModuleType] = {"postgresql": postgres, "sqlite": sqlite}


def make_backup(*, file: IO[bytes]) -> Manifest:
    """Writes all that the database holds at one moment, but for sessions; people go on registering meanwhile.

    Logos, material, documents and uploads are rows of it like everything else: there are no files beside it. The keys
    (SECRET_KEY, FIELD_KEYS) are not in it. Raises BackupError.
    """
    engine = ENGINES[connection.vendor]
    if not has_tables():
        raise BackupError("The database is empty: there is nothing to back up.")
    made_at = timezone.now().isoformat(timespec="seconds")
    archive = ArchiveWriter(file)
    with engine.snapshot() as snapshot:
        applied = MigrationRecorder(connection).applied_migrations()
        with archive.member(DATABASE) as member:
            snapshot.copy_to(member)
    manifest = Manifest(
        version=VERSION,
        made_at=made_at,
        engine=connection.vendor,
        server=engine.server(),
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        tables=snapshot.tables,
    )
    archive.finish(manifest)
    return manifest
