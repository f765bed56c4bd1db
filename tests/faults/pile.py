"""A pile of mail in a database of its own: `python -m tests.faults.pile make COUNT`, then `… drain`."""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import sys

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from registration.domain.outbox import deliver
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.tokens import issue_link
from registration.mails.render import render
from registration.models import Message
from tests import factories


def make(count: int) -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _owe(count)


def _owe(count: int) -> None:
    participant = factories.make_participant(factories.make_conference())
    link = issue_link(participant=participant)
    owe_messages(
        messages=[
            Message(
                kind=Message.Kind.LINK,
                recipient=participant.email,
                language="de",
                participant=participant,
                link=link,
            )
            for _each in range(count)
        ]
    )


def drain() -> None:
    while deliver.drain(render=lambda message: render(message=message)):
        pass


if __name__ == "__main__":
    make(int(sys.argv[2])) if sys.argv[1] == "make" else drain()
