"""Taking an import back: the rows as they were, except where somebody has changed them since."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from conference.audit import by_way_of
from conference.models import User
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.lock import lock
from workshops.domain.import_programme.record import MODEL_OF
from workshops.domain.import_programme.take_back import Entry, Left, TakeBack, Undone
from workshops.models import DraftImport

__all__ = ["Left", "Undone", "undo"]
log = structlog.get_logger(__name__)


def undo(*, draft_import: DraftImport, by: User | None = None) -> Undone:
    """Takes back what this import did. What was changed since stays, and so does what people hang on.

    Raises ImportRefusedError where it is not applied, was taken back already, or what it takes has been erased.
    """
    with transaction.atomic(), by_way_of("undo-import", file=draft_import.file_name):
        upload = DraftImport.objects.select_for_update().get(pk=draft_import.pk)
        if upload.status != DraftImport.Status.APPLIED:
            raise ImportRefusedError(gettext_lazy("This import is not applied, or was taken back already."))
        if upload.before is None:
            raise ImportRefusedError(
                gettext_lazy(
                    "This import cannot be undone any more: what the programme was like before has been erased."
                )
            )
        lock(conference=upload.conference)
        entries = [_entry(entry) for entry in upload.before.get("rows", [])]
        undone = TakeBack(entries, upload).run()
        upload.status, upload.undone_at = DraftImport.Status.UNDONE, timezone.now()
        upload.save()
    log.info("import undone", draft_import=str(upload.pk), by=by.pk if by is not None else None)
    return undone


def _entry(entry: dict[str, Any]) -> Entry:
    return Entry(MODEL_OF[entry["model"]], entry["pk"], entry["before"], entry["after"])
