"""What the source of an outdated translation was when it was made, as far as the log of changes still knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from workshops.domain.translations.fields import MODEL_OF
from workshops.domain.translations.values import Entry, State, digest_of

# Comparing word by word costs the square of their number; longer texts are compared line by line.
_BY_WORDS = 4_000
# So does comparing line by line; beyond, a text is shown as replaced.
_MOST_LINES = 500


def sources_then(*, found: Iterable[Entry], language: str) -> dict[str, str]:
    """By the entries' keys, with a single query; the entries that are not outdated in `language` are passed over."""
    asked = [entry for entry in found if entry.state[language] is State.OUTDATED]
    if not asked:
        return {}
    wanted = Q(pk__in=[])
    for entry in asked:
        content_type = ContentType.objects.get_for_model(MODEL_OF[entry.model])
        wanted |= Q(content_type=content_type, object_id=entry.object_id)
    log: dict[tuple[str, int], list[dict[str, Any]]] = {}
    rows = LogEntry.objects.filter(wanted).select_related("content_type").order_by("-pk")
    for row in rows:
        log.setdefault((row.content_type.model, row.object_id), []).append(row.changes or {})
    then = {entry.key: _then(entry, language, log.get((entry.model, entry.object_id), [])) for entry in asked}
    return {key: text for key, text in then.items() if text is not None}


def _then(entry: Entry, language: str, log: Iterable[dict[str, Any]]) -> str | None:
    column = f"{entry.field}_{entry.made_from[language]}"
    known = (str(text) for changes in log for text in changes.get(column) or ())
    return next((text for text in known if digest_of(text) == entry.made_from_digest[language]), None)


@dataclass(frozen=True, slots=True)
class Piece:
    what: Literal["same", "added", "removed"]
    text: str


def compared(*, then: str, now: str) -> list[Piece]:
    """What was removed stands before what was added in its place."""
    return list(_pieces(_split(then, now, then), _split(then, now, now)))


def _split(then: str, now: str, text: str) -> list[str]:
    if len(then) + len(now) > _BY_WORDS:
        lines = text.splitlines(keepends=True)
        return lines if len(lines) <= _MOST_LINES else [text]
    return re.findall(r"\s+|[^\s]+", text)


def _pieces(then: list[str], now: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(then[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("removed", "".join(then[i1:i2]))
        if j2 > j1:
            yield Piece("added", "".join(now[j1:j2]))
