from __future__ import annotations

from pathlib import PurePath

from conference.models import User
from workshops.domain.draft.files.open import kind_of
from workshops.domain.uploads.nudge import nudge_after_commit
from workshops.models import Conference, DraftImport

_LONGEST_NAME = 200


def upload_draft(  # noqa: PLR0913
    *,
    conference: Conference | None,
    name: str,
    data: bytes,
    language: str = "",
    year: int | None = None,
    by: User | None = None,
) -> DraftImport:
    """Keeps a draft to be read; with `conference` None, a conference is to be made of it.

    Raises DraftFileError where a look from outside is enough to see that it cannot be read.
    """
    kind_of(name=name, data=data)
    upload = DraftImport.objects.create(
        conference=conference,
        file_name=_shortened(name),
        file=data,
        language=language,
        year=year,
        created_by=by,
    )
    nudge_after_commit()
    return upload


def _shortened(name: str) -> str:
    """Keeps the ending: it says how the file is read."""
    if len(name) <= _LONGEST_NAME:
        return name
    ending = PurePath(name).suffix
    return name[: _LONGEST_NAME - len(ending)] + ending
