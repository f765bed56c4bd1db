"""What travels: texts on their way out, and what a file says on its way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from workshops.domain.translations.values import State, is_digest

# Neither an XLIFF nor an XLSX file can hold other characters than these (XML 1.0, production 2, "Char"); the delete
# character (7F), which XML would carry, is no text either.
_NO_TEXT = re.compile("[^\t\n\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Which(StrEnum):
    """Which texts go out, by their state in the target language."""

    MISSING = "missing"
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One text on its way out. `context` says what it is and where it stands; `hints` what to keep to."""

    key: str
    context: str
    hints: tuple[str, ...]
    source: str
    target: str
    state: State
    source_digest: str
    target_digest: str
    max_length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The texts of one file. `name` says whose they are, in the characters of a file name."""

    name: str
    source_language: str
    target_language: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedRow:
    """One text as it came back. `place` is the row of the sheet, or which of the file's units it is, from 1.

    `finished` is None where the file does not say. Digests are empty where the file has none any more, or something
    else in their place. `unreadable` is why the text cannot be taken at all, as marked for translation.
    """

    place: int
    key: str
    source: str = ""
    target: str = ""
    finished: bool | None = None
    source_digest: str = ""
    target_digest: str = ""
    remark: str = ""
    language: str = ""
    unreadable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """`is_sheet`: its rows are counted as those of a sheet, not as the texts of an XLIFF file."""

    source_language: str
    target_language: str
    rows: tuple[ReturnedRow, ...]
    is_sheet: bool = False


def digest_in(text: str) -> str:
    """The digest that a file brings back; empty where a program, or a person, has made something else of it."""
    clean = text.strip()
    return clean if is_digest(clean) else ""


def portable(text: str) -> str:
    """The text as both formats can carry it: its lines end in a line feed, and what XML cannot hold is left out.

    Such characters (most control characters) come from pasting, and nobody sees them.
    """
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def alike(one: str, other: str) -> bool:
    """Whether two texts are the same but for what a file, or a program on its way, does to any text."""
    return portable(one).strip() == portable(other).strip()
