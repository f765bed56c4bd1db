from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db import transaction

from conference.models import User
from workshops.domain.import_programme.apply import Applied, apply
from workshops.domain.uploads.draft_of import draft_of
from workshops.models import DraftImport


def apply_upload(
    *, draft_import: DraftImport, picked: Collection[str] | None, by: User | None = None
) -> Applied:
    """Applies what was picked (None: all that is meant by default) and keeps a report of it with the upload.

    Raises StaleChoiceError and ImportRefusedError, as `apply` does.
    """
    with transaction.atomic():
        applied = apply(
            conference=draft_import.conference,
            draft=draft_of(draft_import=draft_import),
            picked=picked,
            by=by,
            draft_import=draft_import,
        )
        upload = applied.draft_import
        upload.report = _report(applied)
        upload.save(update_fields=["report"])
    return applied


def _report(applied: Applied) -> dict[str, Any]:
    counts = Counter(change.kind for change in applied.done)
    return {
        "counts": {**counts, "refused": len(applied.refused)},
        "done": [change.as_json() for change in applied.done],
        "also": [change.key for change in applied.also],
        "refused": [
            {"change": refusal.change.as_json(), "reasons": refusal.reasons} for refusal in applied.refused
        ],
    }
