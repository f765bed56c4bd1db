from __future__ import annotations

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.backup.archive import Manifest
from registration.domain.backup.errors import BackupError
from registration.domain.backup.make_backup import make_backup


class Command(OneLineCommand):
    help = "Writes all that the database holds into one file, while it is in use. The keys are not in it."
    refusals = (BackupError,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a new file; “-” writes to standard output, for a pipe")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = self._pipe() if options["file"] == "-" else _write(Path(options["file"]))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written ({error.strerror}).") from error
        rows = sum(manifest.tables.values())
        self.stderr.write(f"Backed up: {rows} rows of {len(manifest.tables)} tables.", self.style.SUCCESS)

    def _pipe(self) -> Manifest:
        if sys.stdout.isatty():
            raise CommandError("A backup is not for the screen: give a file, or send it into a pipe.")
        manifest = make_backup(file=sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return manifest


def _write(path: Path) -> Manifest:
    """The name appears once the file is whole, readable by its owner alone, and never in the place of another one."""
    if path.exists():
        raise CommandError(f"{path} exists; a backup overwrites nothing.")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = make_backup(file=file)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        Path(temporary).unlink()
    return manifest
