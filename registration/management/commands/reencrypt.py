from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.reencrypt import reencrypt_secrets


class Command(OneLineCommand):
    help = "Encrypts access details and second factors with the newest key of FIELD_KEYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        report = reencrypt_secrets()
        if options["json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(report)))
        else:
            self.stdout.write(f"{report.rows} rows, {report.changed} of them encrypted with the newest key.")
        if report.unreadable:
            raise CommandError(f"No key in FIELD_KEYS opens: {', '.join(report.unreadable)}.")
