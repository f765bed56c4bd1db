from __future__ import annotations

import shutil
import sys
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from typing import IO, Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.backup.errors import BackupError
from registration.domain.backup.restore_backup import Restored, restore_backup


class Command(OneLineCommand):
    help = (
        "Fills an empty database from a backup. Mail that was waiting in it is held back; "
        "“manage.py send_held_mail” lets it go."
    )
    refusals = (BackupError,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a backup; “-” reads from standard input")
        parser.add_argument(
            "--erased", metavar="LIST", help="numbers, or log lines, of people erased since the backup"
        )
        parser.add_argument("--send-mail", action="store_true", help="mail that was waiting is not held back")

    def handle(self, *args: Any, **options: Any) -> None:
        with ExitStack() as stack:
            try:
                file = _opened(options["file"], stack)
                erased = (
                    stack.enter_context(open(options["erased"], encoding="utf-8", errors="replace"))
                    if options["erased"]
                    else ()
                )
            except OSError as error:
                raise CommandError(f"{error.filename} cannot be read ({error.strerror}).") from error
            self._tell(restore_backup(file=file, erased=erased, send_mail=options["send_mail"]))

    def _tell(self, restored: Restored) -> None:
        made = restored.manifest
        rows = f"{sum(made.tables.values())} rows of {len(made.tables)} tables"
        self.stdout.write(f"Restored: {rows}, as of {made.made_at} (version {made.version}).")
        self.stdout.write(
            f"Messages held back: {restored.held}. People erased again: {restored.erased_again}."
        )
        for warning in restored.warnings:
            self.stderr.write(f"Warning: {warning}", self.style.WARNING)


def _opened(name: str, stack: ExitStack) -> IO[bytes]:
    if name != "-":
        return stack.enter_context(open(name, "rb"))
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 (the stack closes it)
    stack.callback(spooled.close)
    shutil.copyfileobj(sys.stdin.buffer, spooled)
    return spooled
