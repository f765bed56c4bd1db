"""What the pages of the translation office show, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.domain.translations.exchange.apply_import import Applied
from workshops.domain.translations.exchange.packed import MOST_AT_ONCE, pack
from workshops.domain.translations.exchange.preview import (
    NOTHING_TO_DO,
    TAKEN,
    Flag,
    Kind,
    Preview,
    PreviewRow,
)
from workshops.domain.translations.values import Entry
from workshops.languages import OWN_NAMES

# What has gone wrong with more texts than these is wrong with the file.
_MOST_LEFT_OUT = 200

_KINDS: dict[Kind, str | Promise] = {
    Kind.NEW: _("New translation"),
    Kind.CHANGED: _("Changed translation"),
    Kind.CONFIRMED: _("Confirmed: stays as it is, and counts as up to date"),
}
_FLAGS: dict[Flag, str | Promise] = {
    Flag.SOURCE_CHANGED: _(
        "The source has changed since the file was made. Taken over, the translation counts as outdated."
    ),
    Flag.TARGET_CHANGED: _("The translation has been changed here since the file was made."),
    Flag.UNFINISHED: _("The office has marked this text as not finished."),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    number: int
    row: PreviewRow
    kind: str | Promise
    flags: tuple[str | Promise, ...]
    is_chosen: bool
    where: str


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """`unchanged`, `empty` and `refused` are numbers of texts; of the last not all need be shown in `left_out`.

    `is_cut` where the file holds more than one go takes.
    """

    source: str
    target: str
    source_name: str
    target_name: str
    taken: tuple[ShownRow, ...]
    left_out: tuple[ShownRow, ...]
    refused: int
    unchanged: int
    empty: int
    is_cut: bool
    packed: str


def shown_preview(*, preview: Preview, owner: str) -> ShownPreview:
    """Raises ExchangeFileError where the file holds too much for one go."""
    taken = preview.of(*TAKEN)
    counts = Counter(row.kind for row in preview.rows)
    left_out = preview.of(*(kind for kind in Kind if kind not in (*TAKEN, *NOTHING_TO_DO)))
    return ShownPreview(
        source=preview.source_language,
        target=preview.target_language,
        source_name=OWN_NAMES[preview.source_language],
        target_name=OWN_NAMES[preview.target_language],
        taken=tuple(_shown(number, row, preview) for number, row in enumerate(taken[:MOST_AT_ONCE])),
        left_out=tuple(_shown(number, row, preview) for number, row in enumerate(left_out[:_MOST_LEFT_OUT])),
        refused=len(left_out),
        unchanged=counts[Kind.SAME],
        empty=counts[Kind.EMPTY],
        is_cut=len(taken) > MOST_AT_ONCE,
        packed=pack(rows=taken, owner=owner) if taken else "",
    )


def _shown(number: int, row: PreviewRow, preview: Preview) -> ShownRow:
    words = gettext("Row %(place)d") if preview.is_sheet else gettext("Text %(place)d of the file")
    return ShownRow(
        number=number,
        row=row,
        kind=_KINDS.get(row.kind, ""),
        flags=tuple(_FLAGS[flag] for flag in row.flags),
        is_chosen=not row.flags,
        where=words % {"place": row.place},
    )


@dataclass(frozen=True, slots=True)
class ShownRefusal:
    where: str
    text: str
    language: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    saved: int
    same: int
    refused: tuple[ShownRefusal, ...]


def shown_result(*, applied: Applied, entries: Iterable[Entry]) -> ShownResult:
    names = {entry.key: f"{entry.context} · {entry.label}" for entry in entries}
    refused = tuple(
        ShownRefusal(names.get(change.key, change.key), change.text, change.language, str(reason))
        for change, reason in applied.refused
    )
    return ShownResult(len(applied.saved), len(applied.same), refused)
