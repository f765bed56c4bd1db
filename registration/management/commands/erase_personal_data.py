from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.utils import timezone

from conference.commands import OneLineCommand
from registration.domain.retention import Purged, purge_expired


class Command(OneLineCommand):
    help = (
        "Erases what is known about people in every conference that ended more than its number of days ago. "
        "The worker does the same every hour; with --dry-run nothing changes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only counts what would go")
        parser.add_argument("--json", action="store_true", help="for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        purged = purge_expired(at=timezone.now(), dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(_numbers(purged, dry_run=options["dry_run"]), indent=2))
        else:
            self._tell(purged, dry_run=options["dry_run"])
        if failed := sum(one.failed for one in purged):
            raise CommandError(f"{failed} people could not be erased; the log names their numbers and why.")

    def _tell(self, purged: list[Purged], *, dry_run: bool) -> None:
        if not purged:
            self.stdout.write("No conference ended that long ago.")
        for one in purged:
            if not one.rows:
                self.stdout.write(f"{one.conference.slug}: nothing to erase.")
                continue
            self.stdout.write(f"{one.conference.slug}: {'would be erased' if dry_run else 'erased'}:")
            for table, number in sorted(one.rows.items()):
                self.stdout.write(f"  {table}: {number}")


def _numbers(purged: list[Purged], *, dry_run: bool) -> dict[str, Any]:
    conferences = {
        one.conference.slug: {"rows": dict(sorted(one.rows.items())), "failed": one.failed} for one in purged
    }
    return {"dry_run": dry_run, "conferences": conferences}
