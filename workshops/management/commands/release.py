from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from conference.commands import OneLineCommand
from workshops.domain.differences import differences_between
from workshops.domain.release import newest_release, release_programme
from workshops.models import Conference, Release


class Command(OneLineCommand):
    help = (
        "Publishes the programme as it stands now under the next number, and prints it with how much has changed. "
        "Nobody is written to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--note",
            default="",
            help="what changed, in German, for the public list of changes (at most 300 characters)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        note = str(options["note"]).strip()
        if len(note) > (longest := Release._meta.get_field("note").max_length or 0):
            raise CommandError(f"--note: at most {longest} characters, not {len(note)}.")
        conference = Conference.objects.filter(is_current=True).first()
        if conference is None:
            raise CommandError("There is no conference on the site yet, so nothing to release.")
        former = newest_release(conference=conference)
        release = release_programme(conference=conference, note=note)
        self.stdout.write(f"Release {release.number}{_since(former, release)}.")


def _since(former: Release | None, release: Release) -> str:
    if former is None:
        return ""
    changes = len(differences_between(since=former, until=release))
    if not changes:
        return f" (nothing changed since {former.number})"
    return f" ({changes} {'change' if changes == 1 else 'changes'} since {former.number})"
