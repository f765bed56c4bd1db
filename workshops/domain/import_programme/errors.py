from __future__ import annotations

from django.utils.functional import Promise


class ImportRefusedError(ValueError):
    """Nothing was applied; `message` is for the person who asked, in their language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class StaleChoiceError(ImportRefusedError):
    """The programme, or the draft, is not what it was when the choice was made."""
