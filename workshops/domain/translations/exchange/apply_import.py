from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from conference.models import User
from workshops.domain.translations.save import all_still_right, save_texts
from workshops.domain.translations.values import Reason, TextChange
from workshops.models import Conference


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One text of a preview that somebody chose; `is_confirmed` where the translation stays and is up to date."""

    change: TextChange
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    saved: tuple[TextChange, ...]
    same: tuple[TextChange, ...]
    refused: tuple[tuple[TextChange, Reason], ...]


def apply_import(
    *,
    conference: Conference,
    chosen: Sequence[Chosen],
    by: User,
    workshops: Collection[int] | None = None,
) -> Applied:
    """Writes what was chosen, in one transaction; what somebody changed since the preview is refused, and listed."""
    with transaction.atomic():
        written = save_texts(
            conference=conference,
            changes=[row.change for row in chosen if not row.is_confirmed],
            by=by,
            workshops=workshops,
        )
        confirmed, refused = _confirm(conference, chosen, by, workshops)
    return Applied((*written.saved, *confirmed), written.same, (*written.refused, *refused))


def _confirm(
    conference: Conference, chosen: Sequence[Chosen], by: User, workshops: Collection[int] | None
) -> tuple[list[TextChange], list[tuple[TextChange, Reason]]]:
    seen = [row.change for row in chosen if row.is_confirmed]
    if not seen:
        return [], []
    reasons = all_still_right(conference=conference, seen=seen, by=by, workshops=workshops)
    answers = list(zip(seen, reasons, strict=True))
    confirmed = [change for change, reason in answers if reason is None]
    return confirmed, [(change, reason) for change, reason in answers if reason is not None]
