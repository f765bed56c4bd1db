from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.errors import DomainError
from registration.domain.invite import invite
from registration.management.arguments import the_conference, the_workshops
from registration.models import Invitation
from workshops.languages import CODES


class Command(OneLineCommand):
    help = "Invites people to one or several workshops; the worker sends the mails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("emails", nargs="+", metavar="EMAIL")
        parser.add_argument("--workshop", action="append", required=True, metavar="SLUG", dest="workshops")
        parser.add_argument("--language", choices=CODES, default="", help="unknown: the mail is bilingual")

    def handle(self, *args: Any, **options: Any) -> None:
        conference = the_conference()
        workshops = the_workshops(conference=conference, slugs=options["workshops"])
        refused: list[str] = []
        for email in options["emails"]:
            try:
                invitation = invite(
                    conference=conference, email=email, workshops=workshops, language=options["language"]
                )
            except DomainError as error:
                refused.append(str(error))
            else:
                again = " (has been invited to this before)" if _is_repeated(invitation) else ""
                self.stdout.write(f"Queued: {invitation.participant.email}{again}")
        if refused:
            if len(options["emails"]) > 1:
                refused.append(f"{len(refused)} of {len(options['emails'])} addresses were not invited.")
            raise CommandError("\n".join(refused))


def _is_repeated(invitation: Invitation) -> bool:
    """Somebody may have lost the first mail; whoever calls this twice by mistake is told."""
    former = Invitation.objects.filter(participant=invitation.participant).exclude(pk=invitation.pk)
    return former.filter(workshops__in=invitation.workshops.all()).exists()
