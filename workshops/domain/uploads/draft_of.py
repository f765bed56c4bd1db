from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workshops.domain.draft.serialise import from_json
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.models import DraftImport


def draft_of(*, draft_import: DraftImport) -> Draft:
    """What was read. Raises ImportRefusedError where there is nothing, or an older release of Köprü had read it."""
    if draft_import.is_emptied:
        raise ImportRefusedError(_("What this draft held has been erased. Please upload the file again."))
    if draft_import.draft is None:
        raise ImportRefusedError(_("This draft has not been read yet."))
    try:
        return from_json(draft_import.draft)
    except (KeyError, TypeError, ValueError) as error:
        raise ImportRefusedError(
            _("This draft was read by an older version of the site. Please upload the file again.")
        ) from error
