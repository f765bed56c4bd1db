from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from conference.commands import OneLineCommand
from workshops.domain.release import release_programme
from workshops.models import Conference, Release


class Command(OneLineCommand):
    help = "Publishes the programme as it stands now under the next number, which it prints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--note", default="", help="what changed, for the organisers (at most 300 characters)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        note = str(options["note"]).strip()
        if len(note) > (longest := Release._meta.get_field("note").max_length or 0):
            raise CommandError(f"--note: at most {longest} characters, not {len(note)}.")
        conference = Conference.objects.filter(is_current=True).first()
        if conference is None:
            raise CommandError("There is no conference on the site yet, so nothing to release.")
        former = Release.objects.filter(conference=conference).first()
        release = release_programme(conference=conference, note=note)
        unchanged = former is not None and former.snapshot == release.snapshot
        self.stdout.write(
            f"Release {release.number}"
            + (f" (nothing changed since {former.number})." if unchanged and former else ".")
        )
