"""What can be taken over of a preview, as it travels through the page: compressed and signed, kept nowhere.

What is applied is then what was looked at, and nothing lies about where nobody comes back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core import signing
from django.utils.translation import gettext_noop as _

from workshops.domain.translations.exchange.apply_import import Chosen
from workshops.domain.translations.exchange.errors import ExchangeFileError
from workshops.domain.translations.exchange.preview import Kind, PreviewRow
from workshops.domain.translations.values import TextChange

# A form may have 5000 fields, and 2.6 MB in all (DATA_UPLOAD_MAX_NUMBER_FIELDS, …_MAX_MEMORY_SIZE).
MOST_AT_ONCE = 4_000
MOST_BYTES = 2_000_000
# Seconds; longer than that nobody’s session lasts either.
KEPT_FOR = 12 * 60 * 60


def pack(*, rows: Sequence[PreviewRow], owner: str) -> str:
    """`owner` says whose preview it is, of which conference. Raises ExchangeFileError where it is too much."""
    lean = [_lean(row.change, row.kind) for row in rows[:MOST_AT_ONCE] if row.change is not None]
    packed = signing.dumps(lean, salt=_salt(owner), compress=True)
    if len(packed) > MOST_BYTES:
        raise ExchangeFileError(_("The file holds too much text for one go. Please send it in parts."))
    return packed


def _lean(change: TextChange, kind: Kind) -> list[Any]:
    return [
        kind is Kind.CONFIRMED,
        change.key,
        change.language,
        change.text,
        change.seen_digest,
        change.source_language,
        change.source_digest,
    ]


def unpack(*, packed: str, numbers: Iterable[str], owner: str) -> list[Chosen]:
    """The rows with these numbers, from 0, in the file's order. Raises ExchangeFileError."""
    try:
        rows = signing.loads(packed, salt=_salt(owner), max_age=KEPT_FOR)
    except signing.BadSignature as error:
        raise ExchangeFileError(
            _("This preview is too old, or not yours. Please upload the file again.")
        ) from error
    wanted = set(numbers)
    return [_chosen(row) for number, row in enumerate(rows) if str(number) in wanted]


def _chosen(row: list[Any]) -> Chosen:
    is_confirmed, key, language, text, seen_digest, source_language, source_digest = row
    change = TextChange(
        key=key,
        language=language,
        text=text,
        seen_digest=seen_digest,
        source_language=source_language,
        source_digest=source_digest,
    )
    return Chosen(change=change, is_confirmed=is_confirmed)


def _salt(owner: str) -> str:
    return f"koprue.translations.{owner}"
