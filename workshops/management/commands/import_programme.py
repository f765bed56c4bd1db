from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from conference.commands import OneLineCommand
from workshops.domain.checks.finding import Finding
from workshops.domain.draft.child import read_in_child
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.open import LARGEST
from workshops.domain.draft.values import Draft
from workshops.domain.export_json import programme_json
from workshops.domain.import_programme.apply import Applied, apply
from workshops.domain.import_programme.changes import Change
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.in_words import in_words
from workshops.domain.import_programme.preview import Preview, preview, with_refused
from workshops.languages import active_language, choose
from workshops.models import Conference

_SIGNS = {"added": "+", "changed": "~", "removed": "-"}


class Command(OneLineCommand):
    help = (
        "Reads a programme draft (.docx, .xlsx, .csv, .txt or .pdf) and shows how it differs from the programme of the "
        "conference on the site. With --apply the differences are applied; an import can be undone in the admin."
    )
    refusals = (ImportRefusedError,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the draft")
        parser.add_argument("--apply", action="store_true", help="apply what is shown")
        parser.add_argument(
            "--json",
            action="store_true",
            help="print the programme, the findings and the unread lines as JSON",
        )
        parser.add_argument("--year", type=int, help="for dates that name no year")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        draft = _read(path, options["year"])
        conference = Conference.objects.filter(is_current=True).first()
        if options["apply"]:
            applied = apply(conference=conference, draft=draft, picked=None, file_name=path.name)
            seen = _after(draft, applied)
        else:
            applied, seen = None, preview(draft=draft, conference=conference)
        if options["json"]:
            self.stdout.write(json.dumps(_data(draft, seen), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_page(draft, seen, applied)))


def _read(path: Path, year: int | None) -> Draft:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}.") from error
    if year is not None and not 2000 <= year < 2100:
        raise CommandError("--year: between 2000 and 2099.")
    try:
        return read_in_child(name=path.name, data=data, year=year)
    except DraftFileError as error:
        raise CommandError(f"{path.name}: {error}") from error


def _after(draft: Draft, applied: Applied) -> Preview:
    """The programme as it stands now, what is left to decide, and what could not be kept."""
    seen = preview(draft=draft, conference=applied.conference, picked=())
    return replace(seen, findings=with_refused(findings=seen.findings, refused=applied.refused))


def _data(draft: Draft, seen: Preview) -> dict[str, Any]:
    programme = seen.programme
    return {
        "programme": programme_json(programme=programme, language=draft.language) if programme else None,
        "findings": [finding.as_json() for finding in seen.findings],
        "unread": [reading.text for reading in draft.unread],
    }


def _page(draft: Draft, seen: Preview, applied: Applied | None) -> list[str]:
    done = applied.done if applied else [change for change in seen.changes if change.by_default]
    asked = [change for change in seen.changes if not change.by_default]
    lines = _section("Applied" if applied else "Differences", [_line(change) for change in done])
    lines += _section("Left to a decision in the admin", [_line(change) for change in asked])
    lines += _section("Findings", [_finding(finding) for finding in seen.findings])
    lines += _section("Not understood", [f"line {r.line}: {r.text}" for r in draft.unread])
    if not applied and done:
        lines.append("Nothing is applied yet; --apply does it.")
    return lines


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}: {len(lines)}", *(f"  {line}" for line in lines)] if lines else [f"{title}: none"]


def _line(change: Change) -> str:
    obstacle = f" ({change.obstacle})" if change.obstacle else ""
    reason = f" ({change.reason})" if change.reason else ""
    return f"{_SIGNS[change.kind]} {in_words(change)}{reason}{obstacle}"


def _finding(finding: Finding) -> str:
    return f"{finding.severity.value}: {choose(finding.message, active_language())[0]} [{finding.code}]"
