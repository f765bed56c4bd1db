from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registration.domain.backup.archive import Archive, Manifest
from registration.domain.backup.engine import has_tables
from registration.domain.backup.erased_since import erased_since
from registration.domain.backup.errors import BackupError
from registration.domain.backup.hold_mail import HOLD, held_messages, hold_what_waits
from registration.domain.backup.key_check import missing_keys
from registration.domain.backup.make_backup import ENGINES
from registration.domain.erase import erase_participant
from registration.domain.retention import purge_expired


@dataclass(slots=True)
class Restored:
    """What came back; how many messages were held back and people erased again; what the operator has to mend."""

    manifest: Manifest
    held: int = 0
    erased_again: int = 0
    warnings: list[str] = field(default_factory=list)


def restore_backup(*, file: IO[bytes], erased: Iterable[str] = (), send_mail: bool = False) -> Restored:
    """Fills an empty database from a backup, of this version or an older one, and brings it up to this version.

    Nobody may be served meanwhile. Mail the backup still owed is held back unless `send_mail`; the people in `erased`
    (see erased_since) and those whose time is over are erased again. Raises BackupError before anything was changed.
    """
    archive = Archive(file)
    numbers = _require_usable(archive.manifest, erased)
    ENGINES[connection.vendor].restore(
        archive=archive, tables=archive.manifest.tables, finish=() if send_mail else HOLD
    )
    # Pages are kept under the numbers of releases, which are given anew.
    cache.clear()
    call_command("migrate", interactive=False, verbosity=0)
    restored = Restored(archive.manifest, held=held_messages())
    restored.erased_again = sum(bool(erase_participant(participant_id=number)) for number in numbers)
    purge_expired(at=timezone.now(), dry_run=False)
    if not send_mail:
        restored.held += hold_what_waits()
    _let_the_planner_look()
    restored.warnings = missing_keys()
    return restored


def _require_usable(manifest: Manifest, erased: Iterable[str]) -> list[int]:
    if manifest.engine != connection.vendor:
        raise BackupError(f"This backup is from {manifest.engine}, the database here is {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(f"This backup was made by a newer version of Köprü (it knows {unknown[0]}).")
    if has_tables():
        raise BackupError("The database is not empty. A backup is restored into a new, empty one only.")
    made_at = parse_datetime(manifest.made_at)
    if made_at is None:
        raise BackupError("This is no backup of Köprü, or it is damaged. Nothing was restored.")
    return erased_since(lines=erased, made_at=made_at)


def _let_the_planner_look() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
