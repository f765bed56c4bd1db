"""Which language a text was written in first, and which translations lag behind.

A translation is outdated when its source is not the text any more that it was made from (TextState). Where nothing
is known of what it was made from, because both were there from the beginning, it counts as translated.

The source is the language that is a translation of none: German where it is one of several, since the hosts write
German; Turkish before English otherwise. A text that was first written in Turkish stays Turkish when it gets a
German translation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workshops.domain.translations.values import State, digest_of
from workshops.languages import CODES, Text


@dataclass(frozen=True, slots=True)
class Made:
    """Of a translation: the language it was made from, the digest of that text then, and its own digest then."""

    source_language: str
    source_digest: str
    target_digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    source_language: str
    state: Mapping[str, State]
    made_from: Mapping[str, str]


def standing(*, texts: Text, made: Mapping[str, Made]) -> Standing:
    """`made` by language. What was kept of a text that was changed unseen, or whose source is gone, does not count."""
    known = {code: row for code, row in made.items() if _holds(code, row, texts)}
    source = _source(texts, known)
    return Standing(
        source,
        {code: _state(code, source, texts, known) for code in CODES},
        {code: known[code].source_language if code != source and code in known else source for code in CODES},
    )


def _holds(language: str, row: Made, texts: Text) -> bool:
    return bool(
        texts[language] and texts[row.source_language] and row.target_digest == digest_of(texts[language])
    )


def _source(texts: Text, known: Mapping[str, Made]) -> str:
    there = [code for code in CODES if texts[code]] or [CODES[0]]
    originals = [code for code in there if code not in known]
    # Two that were made from each other have no original; an order is needed then, not a reason.
    return (originals or there)[0]


def _state(language: str, source: str, texts: Text, known: Mapping[str, Made]) -> State:
    if not texts[language]:
        return State.MISSING if any(texts.values()) else State.EMPTY
    if language == source:
        return State.SOURCE
    row = known.get(language)
    if row is None or row.source_digest == digest_of(texts[row.source_language]):
        return State.TRANSLATED
    return State.OUTDATED


def after_change(*, before: Text, now: Text, made: Mapping[str, Made]) -> dict[str, Made | None]:
    """What is to be kept of each language once a text has changed; None where nothing is known or needed any more.

    A translation that changes is taken to be made from the source as it is then, also when both change at once.
    """
    was = standing(texts=before, made=made)
    source = (
        was.source_language if now[was.source_language] else standing(texts=now, made=made).source_language
    )
    return {code: _kept(code, source, before, now, made, was) for code in CODES}


def _kept(  # noqa: PLR0913, PLR0917
    code: str, source: str, before: Text, now: Text, made: Mapping[str, Made], was: Standing
) -> Made | None:
    if code == source or not now[code]:
        return None
    if now[code] != before[code]:
        origin = was.made_from[code] if before[code] else source
        origin = origin if origin != code and now[origin] else source
        return Made(origin, digest_of(now[origin]), digest_of(now[code]))
    row = made.get(code)
    if row is not None and _holds(code, row, now):
        return row
    if not before[source] or before[source] == now[source]:
        return None
    return Made(source, digest_of(before[source]), digest_of(now[code]))
