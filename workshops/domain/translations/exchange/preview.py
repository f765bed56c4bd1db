"""What a file from an office would change, text by text; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, ngettext

from workshops.domain.translations.exchange.markup import markup_lost
from workshops.domain.translations.exchange.values import Returned, ReturnedRow, alike, portable
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import Entry, State, TextChange, digest_of
from workshops.models import Conference

# As the check `translation-identical`: shorter texts are often the same on purpose.
_WORDS = 4


class Kind(StrEnum):
    """What becomes of a returned text. Only the first three can be taken over."""

    NEW = "new"
    CHANGED = "changed"
    CONFIRMED = "confirmed"
    SAME = "same"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    NOT_YOURS = "not-yours"
    TWICE = "twice"
    OTHER_LANGUAGE = "other-language"
    TOO_LONG = "too-long"
    UNREADABLE = "unreadable"


TAKEN = (Kind.NEW, Kind.CHANGED, Kind.CONFIRMED)
NOTHING_TO_DO = (Kind.SAME, Kind.EMPTY)


class Flag(StrEnum):
    """Why a text that could be taken over is not chosen beforehand."""

    SOURCE_CHANGED = "source-changed"
    TARGET_CHANGED = "target-changed"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """`before` and `source` are the texts as they stand now, `source_then` is the one that went out, if another.

    `reason` says why a text cannot be taken over.
    """

    place: int
    key: str
    kind: Kind
    context: str = ""
    source: str = ""
    source_then: str = ""
    before: str = ""
    after: str = ""
    flags: tuple[Flag, ...] = ()
    warnings: tuple[str, ...] = ()
    remark: str = ""
    reason: str = ""
    change: TextChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    source_language: str
    target_language: str
    is_sheet: bool
    rows: tuple[PreviewRow, ...]

    def of(self, *kinds: Kind) -> list[PreviewRow]:
        return [row for row in self.rows if row.kind in kinds]


def preview_import(
    *, conference: Conference, returned: Returned, workshops: Collection[int] | None = None
) -> Preview:
    """`workshops` as in `entries`: texts of other workshops, and what workshops share, are left out and listed."""
    known = {entry.key: entry for entry in entries(conference=conference)}
    look = _Look(returned, known, workshops)
    return Preview(
        source_language=returned.source_language,
        target_language=returned.target_language,
        is_sheet=returned.is_sheet,
        rows=tuple(look.at(row) for row in returned.rows),
    )


class _Look:
    def __init__(
        self, returned: Returned, known: Mapping[str, Entry], workshops: Collection[int] | None
    ) -> None:
        self.source, self.target = returned.source_language, returned.target_language
        self.known, self.workshops = known, workshops
        self.twice = _given_twice(returned.rows)
        self.seen: set[str] = set()

    def at(self, row: ReturnedRow) -> PreviewRow:
        entry = self.known.get(row.key)
        kind, reason = self.kind_of(row, entry)
        if entry is None or kind is Kind.NOT_YOURS:
            return PreviewRow(
                place=row.place, key=row.key, kind=kind, after=row.target, reason=reason, remark=row.remark
            )
        text = tidied(row.target, entry)
        is_taken = kind in TAKEN
        is_older = is_taken and not alike(row.source, entry.texts[self.source])
        return PreviewRow(
            place=row.place,
            key=row.key,
            kind=kind,
            context=f"{entry.context} · {entry.label}",
            source=entry.texts[self.source],
            source_then=row.source if is_older else "",
            before=entry.texts[self.target],
            after=text,
            flags=tuple(self.flags(row, entry, kind)) if is_taken else (),
            warnings=tuple(_warnings(entry, entry.texts[self.source], text)) if is_taken else (),
            remark=row.remark,
            reason=reason,
            change=self.change(row, entry, text) if is_taken else None,
        )

    def kind_of(self, row: ReturnedRow, entry: Entry | None) -> tuple[Kind, str]:
        """And why, where the text cannot be taken over."""
        if row.unreadable:
            return Kind.UNREADABLE, gettext(row.unreadable)
        if entry is None:
            return Kind.UNKNOWN, gettext("There is no such text, or not any more.")
        if self.workshops is not None and entry.workshop_id not in self.workshops:
            return Kind.NOT_YOURS, gettext("This text belongs to none of your workshops.")
        if row.language != self.target:
            return Kind.OTHER_LANGUAGE, gettext("This text is marked as one in another language.")
        return self.kind_of_known(row, entry)

    def kind_of_known(self, row: ReturnedRow, entry: Entry) -> tuple[Kind, str]:
        if row.key in self.twice:
            return Kind.TWICE, gettext("The file holds different translations of this text.")
        if row.key in self.seen:
            return Kind.SAME, ""
        self.seen.add(row.key)
        return self.kind_of_text(row, entry)

    def kind_of_text(self, row: ReturnedRow, entry: Entry) -> tuple[Kind, str]:
        text, now = tidied(row.target, entry), entry.texts[self.target]
        if not text:
            return Kind.EMPTY, ""
        if alike(text, now):
            return (Kind.CONFIRMED if self.is_confirmed(row, entry) else Kind.SAME), ""
        if entry.max_length is not None and len(text) > entry.max_length:
            return Kind.TOO_LONG, _too_long(entry.max_length, len(text))
        return (Kind.CHANGED if now else Kind.NEW), ""

    def is_confirmed(self, row: ReturnedRow, entry: Entry) -> bool:
        """The office looked at an outdated translation, and says that it fits the source as it is now."""
        return (
            row.finished is True
            and entry.state[self.target] is State.OUTDATED
            and entry.made_from[self.target] == self.source
            and not self.source_changed(row, entry)
        )

    def flags(self, row: ReturnedRow, entry: Entry, kind: Kind) -> Iterable[Flag]:
        if self.source_changed(row, entry):
            yield Flag.SOURCE_CHANGED
        if (
            row.target_digest
            and row.target_digest != entry.digests[self.target]
            and kind is not Kind.CONFIRMED
        ):
            yield Flag.TARGET_CHANGED
        if row.finished is False:
            yield Flag.UNFINISHED

    def source_changed(self, row: ReturnedRow, entry: Entry) -> bool:
        """By the digest that went out with the text; without one by the source that came back with it."""
        if row.source_digest:
            return row.source_digest != entry.digests[self.source]
        return not alike(row.source, entry.texts[self.source])

    def change(self, row: ReturnedRow, entry: Entry, text: str) -> TextChange:
        """With the source that the office had before it: a translation of an older one is outdated from the first."""
        changed = self.source_changed(row, entry)
        digest = row.source_digest or digest_of(row.source)
        return TextChange(
            key=row.key,
            language=self.target,
            text=text,
            seen_digest=entry.digests[self.target],
            source_language=self.source,
            source_digest=digest if changed else entry.digests[self.source],
        )


def _given_twice(rows: Iterable[ReturnedRow]) -> set[str]:
    """Keys with more than one translation; the same one twice does no harm."""
    texts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        texts[row.key].add(portable(row.target).strip())
    return {key for key, found in texts.items() if len(found) > 1}


def tidied(text: str, entry: Entry) -> str:
    """Without blanks around it, and on one line where it has to stand on one."""
    clean = portable(text).strip()
    return clean if entry.is_multiline else " ".join(part.strip() for part in clean.splitlines())


def _warnings(entry: Entry, source: str, text: str) -> Iterable[str]:
    if entry.is_markdown:
        yield from markup_lost(source, text)
    if len(text.split()) >= _WORDS and text.split() == source.split():
        yield gettext("The translation is the same as the source.")


def _too_long(limit: int, length: int) -> str:
    return ngettext(
        "This text may have at most %(limit)d character; it has %(length)d.",
        "This text may have at most %(limit)d characters; it has %(length)d.",
        limit,
    ) % {"limit": limit, "length": length}
