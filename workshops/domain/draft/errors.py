from __future__ import annotations

from django.utils.translation import gettext


class DraftFileError(ValueError):
    """A file that cannot be read as a draft, for the person who chose it.

    `message` is marked for translation and `values` are set into it, so that it can be kept, or come from another
    process, and still be read in whatever language asks: `str(error)`.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return gettext(self.message) % self.values if self.values else gettext(self.message)
