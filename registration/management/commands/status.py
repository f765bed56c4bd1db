from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from conference.commands import OneLineCommand
from registration.domain.status import status
from registration.management.arguments import the_conference


class Command(OneLineCommand):
    help = "Prints the conference's state in numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = status(conference=the_conference())
        if options["json"]:
            self.stdout.write(json.dumps(numbers, indent=2, ensure_ascii=False))
            return
        for slug, row in numbers["workshops"].items():
            limit = "no limit" if row["capacity_active"] is None else row["capacity_active"]
            self.stdout.write(f"{slug}: {row['taken_active']} of {limit} active places taken")
            for state, roles in row["registrations"].items():
                self.stdout.write(
                    f"  {state}: " + ", ".join(f"{count} {role}" for role, count in roles.items())
                )
        for name in ("messages", "invitations"):
            self.stdout.write(
                f"{name}: " + ", ".join(f"{count} {state}" for state, count in numbers[name].items())
            )
