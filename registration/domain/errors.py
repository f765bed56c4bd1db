"""What can go wrong in a use case, said in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise


class DomainError(Exception):
    """A use case refused; `message` is a sentence for a person, translated when it is shown."""

    def __init__(self, message: Promise | str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
