from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from conference.commands import OneLineCommand
from workshops.domain.checks.finding import Finding
from workshops.domain.checks.findings_for import findings_for
from workshops.languages import active_language, choose
from workshops.models import Conference


class Command(OneLineCommand):
    help = "Checks the programme as it stands now, and prints what it found: errors, warnings and notes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        conference = Conference.objects.filter(is_current=True).first()
        if conference is None:
            raise CommandError("There is no conference on the site yet, so nothing to check.")
        findings = findings_for(conference=conference)
        if options["json"]:
            data = {"findings": [finding.as_json() for finding in findings]}
            self.stdout.write(json.dumps(data, indent=2, ensure_ascii=False))
            return
        for finding in findings:
            self._print(finding)
        self.stdout.write(f"Found: {len(findings)}." if findings else "Nothing to report.")

    def _print(self, finding: Finding) -> None:
        message = choose(finding.message, active_language())[0]
        self.stdout.write(f"{finding.severity.value}: {message} [{finding.code}]")
        for place in finding.places:
            where = place.as_json()
            self.stdout.write(f"    {where['text']}  {where.get('url', '')}".rstrip())
