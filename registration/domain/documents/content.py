"""What a document says, as plain values: the same for print and for a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from workshops.clocks import Face, LegendEntry
from workshops.languages import Text, active_language, choose


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and the language it is in; empty where that is the language of the document."""

    text: str
    language: str = ""

    @classmethod
    def of(cls, text: Text) -> Phrase:
        """In the active language, or in another one where it is missing."""
        chosen, code = choose(text, active_language())
        return cls(chosen, "" if code == active_language() else code)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Item:
    """A programme item in one cell: its title, and what is noted below it. `depth` is 1 for a part of another one."""

    title: Phrase
    notes: tuple[Phrase, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Several lines in one cell."""

    lines: tuple[Phrase, ...]


# A cell of a CLOCKS column holds what each clock shows; empty while that is to be announced.
Clocks = tuple[Face, ...]
Cell = str | int | dt.date | Phrase | Item | Lines | Clocks | None


class Kind(Enum):
    """How the cells of a column are set."""

    TEXT = "text"
    NUMBER = "number"
    CLOCKS = "clocks"
    MOMENT = "moment"
    WIDE = "wide"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Column:
    """A CLOCKS column becomes one for each clock; MOMENT, too, with the date. `printed`: whether it is on paper."""

    label: str
    kind: Kind = Kind.TEXT
    printed: bool = True


class TableRows(Protocol):
    """Counted without being read, and read as often as there are readers."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sequence[Cell]]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is its heading on paper; tables of one name share a worksheet, and `keys` tell their rows apart there."""

    name: str
    columns: tuple[Column, ...]
    rows: TableRows
    keys: tuple[tuple[str, Cell], ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the document with a heading of its own. `guide` is Markdown."""

    heading: Phrase
    overline: str = ""
    facts: tuple[tuple[str, Phrase], ...] = ()
    clocks: Clocks = ()
    legend: tuple[LegendEntry, ...] = ()
    tables: tuple[Table, ...] = ()
    guide_heading: str = ""
    guide: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """A document in one language. `labels` are those of the two clocks; `as_of` says when it was made, on both."""

    title: str
    conference: Phrase
    as_of: str
    labels: tuple[str, ...]
    blocks: tuple[Block, ...]
    # Each block on a page of its own, where single pages are handed out.
    page_each: bool = False
    landscape: bool = False
    # Not to be handed on; a briefing is.
    is_internal: bool = True
