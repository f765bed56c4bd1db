"""One text of the programme in all languages, and what may be done about it, as plain values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workshops.languages import Text


class State(StrEnum):
    """Of one text in one language. Missing: empty here, there in another one; empty: there in none.

    Outdated: the text it was translated from is another one now. A name that is the same in two languages is
    translated; that long texts repeat each other is for the check `translation-identical` to say.
    """

    SOURCE = "source"
    TRANSLATED = "translated"
    OUTDATED = "outdated"
    MISSING = "missing"
    EMPTY = "empty"


OPEN = (State.MISSING, State.OUTDATED)


def digest_of(text: str) -> str:
    """64 hexadecimal digits; an empty text has one, too."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def is_digest(text: str) -> bool:
    """What comes back with a form or a file may be anything."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`key` is stable ("workshops.session.42.title"); `model` is the model's name ("session").

    `label` says what the text is ("Session: title"), `context` where it stands ("Workshop 2 · Day 1 · 2.1"), both in
    the active language. `workshop_id` is None for what workshops share. `made_from` names for each language the one
    it is compared with; of the source language, itself. `made_from_digest` is what that one's text was when an outdated
    translation was made, for languages where this is known. `max_length` counts characters.
    """

    key: str
    model: str
    object_id: int
    field: str
    label: str
    context: str
    workshop_id: int | None
    texts: Text
    state: Mapping[str, State]
    source_language: str
    made_from: Mapping[str, str]
    made_from_digest: Mapping[str, str]
    max_length: int | None
    is_markdown: bool
    is_multiline: bool
    is_required: bool
    digests: Mapping[str, str]

    @property
    def source(self) -> str:
        return self.texts[self.source_language]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """`seen_digest` is the digest of the text that is to be replaced, as it was when somebody looked at it.

    `source_language` and `source_digest` say what the new text was made from, where that is not the source as it
    stands: an office may have worked from another language, or from a text that has changed since. A translation of
    an older source is kept, and is outdated.
    """

    key: str
    language: str
    text: str
    seen_digest: str
    source_language: str = ""
    source_digest: str = ""


class Refused(StrEnum):
    """Why a text was not kept."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not-yours"
    CHANGED = "changed"
    TOO_LONG = "too-long"
    SEVERAL_LINES = "several-lines"
    CHARACTERS = "characters"
    REQUIRED = "required"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Reason:
    """`message` is for people, in the active language."""

    code: Refused
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept, what was there already, and what was refused."""

    saved: tuple[TextChange, ...] = ()
    same: tuple[TextChange, ...] = ()
    refused: tuple[tuple[TextChange, Reason], ...] = ()
