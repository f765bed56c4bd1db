from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError

from conference.commands import OneLineCommand
from registration.domain.addresses import normal_address
from registration.domain.confirm import confirm_registration
from registration.domain.errors import DomainError
from registration.management.arguments import the_conference, the_workshops
from registration.models import Registration


class Command(OneLineCommand):
    help = "Confirms one person's registration; the worker sends the mail with the access details."
    refusals = (DomainError,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--workshop", required=True, metavar="SLUG")
        parser.add_argument("--role", choices=Registration.Role.values, help="default: as asked for")

    def handle(self, *args: Any, **options: Any) -> None:
        conference = the_conference()
        [workshop] = the_workshops(conference=conference, slugs=[options["workshop"]])
        address = normal_address(options["email"])
        registration = Registration.objects.filter(participant__email=address, workshop=workshop).first()
        if registration is None:
            raise CommandError(f"{address} is not registered for {workshop.slug}.")
        confirmed = confirm_registration(registration_id=registration.pk, role=options["role"])
        self.stdout.write(f"Confirmed: {address}, {workshop.slug}, {confirmed.role}")
