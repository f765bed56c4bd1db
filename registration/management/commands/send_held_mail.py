from __future__ import annotations

from typing import Any

from conference.commands import OneLineCommand
from registration.domain.backup.hold_mail import send_held_mail


class Command(OneLineCommand):
    help = "Queues the mail that a restore held back."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Queued: {send_held_mail()} messages.")
