"""What our own commands have in common: on bad input one clear line and a non-zero exit, never a traceback."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from conference.audit import by_command


def _nothing(file: Any = None) -> None:
    pass


class OneLineCommand(BaseCommand):
    # With what its use case says in one line why it cannot be done.
    refusals: tuple[type[Exception], ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # `--help` shows the usage; before an error its seven lines would hide the one that counts.
        parser.print_usage = _nothing  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with by_command(type(self).__module__.rpartition(".")[2]):
                return super().execute(*args, **options)
        except self.refusals as error:
            raise CommandError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"The database cannot be used ({reason}). Is it there, and has “manage.py migrate” been run?"
            ) from error
