from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.addresses import normal_address
from registration.domain.errors import DomainError
from registration.domain.replace_link import replace_link
from registration.management.arguments import the_conference
from registration.models import Participant


class Command(OneLineCommand):
    help = "Makes every personal link of one person void, and has a new one sent to them."
    refusals = (DomainError,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        address = normal_address(options["email"])
        person = Participant.objects.filter(conference=the_conference(), email=address).first()
        if person is None or replace_link(participant_id=person.pk) is None:
            raise CommandError(f"{address} is not known in this conference.")
        self.stdout.write(f"Replaced; a new link goes to {address}.")
