"""Writing texts: what somebody else changed meanwhile stays as it is, and what was refused is said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import User
from workshops.domain.import_programme.lock import lock
from workshops.domain.translations.fields import CONFERENCE_OF, MODEL_OF, MODELS
from workshops.domain.translations.keep import keep
from workshops.domain.translations.read import entries
from workshops.domain.translations.state import Made
from workshops.domain.translations.values import (
    Entry,
    Reason,
    Refused,
    Saved,
    State,
    TextChange,
    digest_of,
    is_digest,
)
from workshops.languages import CODES
from workshops.models import Conference

log = structlog.get_logger(__name__)
_Object = tuple[type[Model], int]
# Line breaks and tabs are text; the other control characters, and halves of a character, are none.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def save_texts(
    *,
    conference: Conference,
    changes: Sequence[TextChange],
    by: User | None,
    workshops: Collection[int] | None = None,
) -> Saved:
    """Writes each text in a column of its own, in one transaction; nothing else of the row is written.

    What is refused does not keep the others from being saved. A translation is kept as made from the source the
    change names, or else from the source as it stands.
    """
    with transaction.atomic():
        saved = _Save(_read_locked(conference, [change.key for change in changes]), workshops).run(changes)
    log.info(
        "texts saved",
        conference=conference.pk,
        by=by.pk if by else None,
        saved=len(saved.saved),
        refused=len(saved.refused),
    )
    return saved


def still_right(  # noqa: PLR0913
    *,
    conference: Conference,
    key: str,
    language: str,
    seen_digest: str,
    source_digest: str,
    by: User | None,
    workshops: Collection[int] | None = None,
) -> Reason | None:
    """Says that an outdated translation fits its source as it is now; None where that was kept.

    Both digests are those of the texts somebody saw when they said so: of the translation, and of what it is compared
    with.
    """
    seen = TextChange(
        key=key, language=language, text="", seen_digest=seen_digest, source_digest=source_digest
    )
    return all_still_right(conference=conference, seen=[seen], by=by, workshops=workshops)[0]


def all_still_right(
    *,
    conference: Conference,
    seen: Sequence[TextChange],
    by: User | None,
    workshops: Collection[int] | None = None,
) -> list[Reason | None]:
    """The same for many at once, each with its answer; of a change only the digests count, not its text."""
    with transaction.atomic():
        rows, known = _read_locked(conference, [change.key for change in seen])
        reasons = [_confirm(rows, known.get(change.key), change, workshops) for change in seen]
    kept = reasons.count(None)
    log.info("translations are still right", conference=conference.pk, by=by.pk if by else None, kept=kept)
    return reasons


def _confirm(
    rows: dict[_Object, Any], entry: Entry | None, change: TextChange, workshops: Collection[int] | None
) -> Reason | None:
    if (reason := _not_to_be_written(entry, change.language, workshops)) is not None:
        return reason
    assert entry is not None  # noqa: S101 (refused above)
    source = entry.made_from[change.language]
    if (entry.digests[change.language], entry.digests[source]) != (change.seen_digest, change.source_digest):
        return _changed()
    if entry.state[change.language] is State.OUTDATED:
        made = Made(source, change.source_digest, change.seen_digest)
        keep(row=rows[_object(entry)], field=entry.field, language=change.language, made=made)
    return None


def _read_locked(conference: Conference, keys: Sequence[str]) -> tuple[dict[_Object, Any], dict[str, Entry]]:
    """The rows in question, locked, and every text as it is from then on. Keys may name rows of another conference:
    nobody there has to wait for us.
    """
    lock(conference=conference)
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for key in keys:
        if (found := _parsed(key)) is not None:
            wanted[found[0]].add(found[1])
    rows = {
        (model, row.pk): row
        for model in MODELS
        if wanted[model]
        for row in model._base_manager.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=wanted[model], **{CONFERENCE_OF[model]: conference.pk})
        .order_by("pk")
    }
    return rows, {entry.key: entry for entry in entries(conference=conference)}


def _parsed(key: str) -> _Object | None:
    found = re.fullmatch(r"workshops\.(\w+)\.([1-9][0-9]{0,17})\.\w+", key, re.ASCII)
    model = MODEL_OF.get(found[1]) if found else None
    return (model, int(found[2])) if found and model else None


def _object(entry: Entry) -> _Object:
    return MODEL_OF[entry.model], entry.object_id


class _Save:
    def __init__(
        self, locked: tuple[dict[_Object, Any], dict[str, Entry]], workshops: Collection[int] | None
    ) -> None:
        self.rows, self.known = locked
        self.workshops = workshops
        self.texts = {key: dict(entry.texts) for key, entry in self.known.items()}
        self.accepted: list[TextChange] = []
        self.same: list[TextChange] = []
        self.refused: list[tuple[TextChange, Reason]] = []
        self.seen: set[tuple[str, str]] = set()

    def run(self, changes: Sequence[TextChange]) -> Saved:
        for change in changes:
            self.take(change)
        self.refuse_what_leaves_nothing()
        self.write()
        return Saved(tuple(self.accepted), tuple(self.same), tuple(self.refused))

    def take(self, change: TextChange) -> None:
        entry = self.known.get(change.key)
        reason = _not_to_be_written(entry, change.language, self.workshops) or self.twice(change)
        if reason is None and entry is not None and change.text == entry.texts[change.language]:
            self.same.append(change)
            return
        if reason is None and entry is not None:
            reason = _reason_against(entry, change)
        if reason is not None:
            self.refused.append((change, reason))
            return
        self.accepted.append(change)
        self.texts[change.key][change.language] = change.text

    def twice(self, change: TextChange) -> Reason | None:
        pair = (change.key, change.language)
        if pair in self.seen:
            return Reason(Refused.TWICE, _("This text is given twice; only the first one counts."))
        self.seen.add(pair)
        return None

    def refuse_what_leaves_nothing(self) -> None:
        """Only now it is known what the other changes make of the other languages."""
        for change in list(self.accepted):
            if self.known[change.key].is_required and not any(self.texts[change.key].values()):
                self.accepted.remove(change)
                reason = Reason(Refused.REQUIRED, _("Give this text in at least one language."))
                self.refused.append((change, reason))

    def write(self) -> None:
        by_row: dict[_Object, list[TextChange]] = defaultdict(list)
        for change in self.accepted:
            by_row[_object(self.known[change.key])].append(change)
        for key, changes in by_row.items():
            self.write_row(self.rows[key], changes)

    def write_row(self, row: Any, changes: Sequence[TextChange]) -> None:
        columns = [f"{self.known[change.key].field}_{change.language}" for change in changes]
        for column, change in zip(columns, changes, strict=True):
            setattr(row, column, change.text)
        row.save(update_fields=columns)
        for change in changes:
            self.keep_source(row, change)

    def keep_source(self, row: Any, change: TextChange) -> None:
        """What the translator had before them, which may have changed since."""
        texts = self.texts[change.key]
        source = change.source_language
        if not change.text or source not in CODES or source == change.language or not texts[source]:
            return
        given = change.source_digest
        digest = given if is_digest(given) else digest_of(texts[source])
        made = Made(source, digest, digest_of(change.text))
        keep(row=row, field=self.known[change.key].field, language=change.language, made=made)


def _not_to_be_written(
    entry: Entry | None, language: str, workshops: Collection[int] | None
) -> Reason | None:
    if workshops is not None and (entry is None or entry.workshop_id not in workshops):
        return Reason(Refused.NOT_YOURS, _("This text belongs to none of your workshops."))
    if entry is None or language not in CODES:
        return Reason(Refused.UNKNOWN, _("There is no such text, or not any more."))
    return None


def _reason_against(entry: Entry, change: TextChange) -> Reason | None:
    if change.seen_digest != entry.digests[change.language]:
        return _changed()
    if entry.max_length is not None and len(change.text) > entry.max_length:
        return Reason(Refused.TOO_LONG, _too_long(entry.max_length, len(change.text)))
    if not entry.is_multiline and len(change.text.splitlines()) > 1:
        return Reason(Refused.SEVERAL_LINES, _("This text has to stand on one line."))
    if _NO_TEXT.search(change.text):
        return Reason(Refused.CHARACTERS, _("This text contains control characters, which cannot be kept."))
    return None


def _changed() -> Reason:
    return Reason(Refused.CHANGED, _("Somebody else has changed this text meanwhile."))


def _too_long(limit: int, length: int) -> str:
    return ngettext(
        "This text may have at most %(limit)d character; it has %(length)d.",
        "This text may have at most %(limit)d characters; it has %(length)d.",
        limit,
    ) % {"limit": limit, "length": length}
