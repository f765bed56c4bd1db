from __future__ import annotations

from workshops.domain.draft.errors import DraftFileError


class ExchangeFileError(DraftFileError):
    """A file that cannot be sent to, or taken back from, a translation office; `str(error)` is for people."""
