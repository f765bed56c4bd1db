from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from conference.audit import unrecorded
from conference.commands import OneLineCommand
from registration.domain.publish_privacy import publish_privacy
from registration.models import PrivacyVersion
from workshops.domain.load_demo import DemoError, LoadedDemo, draft, load_demo
from workshops.domain.release import release_programme
from workshops.models import Release


class Command(OneLineCommand):
    help = (
        "Loads the demo conference with its privacy notice and publishes it, once: a second run leaves it "
        "as the organisers left it. With --year, what is there moves to that year and is released again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--year", help="2000 to 2099; else the next year in which all days of the draft lie ahead"
        )

    @unrecorded()  # type: ignore[untyped-decorator]
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                loaded = load_demo(today=timezone.localdate(), year=_year(options["year"]))
                _publish_privacy(loaded)
                release = _release(loaded)
        except DemoError as error:
            raise CommandError(str(error.message)) from error
        done = "loaded" if loaded.created else "moved" if loaded.moved else "already there"
        published = f", released as number {release.number}" if release else ""
        self.stdout.write(f"Demo conference of {loaded.year}: {done}{published}.")
        if not loaded.conference.is_current:
            self.stdout.write("It is not shown on the site: another conference is.")


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise CommandError(f"--year: “{text}” is not a year such as 2020.")
    return int(text)


def _publish_privacy(loaded: LoadedDemo) -> None:
    """Only where there is none: organisers may have published a wording of their own."""
    if PrivacyVersion.objects.filter(conference=loaded.conference).exists():
        return
    texts = {
        name: {code: text.strip() for code, text in draft()["privacy"][name].items()}
        for name in ("notice", "consent")
    }
    publish_privacy(conference=loaded.conference, notice=texts["notice"], consent=texts["consent"])


def _release(loaded: LoadedDemo) -> Release | None:
    """The first release, and one more when the demo moved; never what organisers hold back."""
    if not loaded.moved and Release.objects.filter(conference=loaded.conference).exists():
        return None
    return release_programme(conference=loaded.conference)
