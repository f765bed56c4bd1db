from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from conference.models import User
from workshops.domain.import_programme.undo import Undone, undo
from workshops.models import DraftImport


def undo_upload(*, draft_import: DraftImport, by: User | None = None) -> Undone:
    """Takes an import back and keeps with the upload what came back and what stayed. Raises ImportRefusedError."""
    with transaction.atomic():
        undone = undo(draft_import=draft_import, by=by)
        upload = DraftImport.objects.get(pk=draft_import.pk)
        upload.report = {**(upload.report or {}), "undone": asdict(undone)}
        upload.save(update_fields=["report"])
    return undone
