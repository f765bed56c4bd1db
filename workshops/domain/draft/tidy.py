"""From the lines of a file to lines that mean something: no decoration, no running heads, nothing broken in two."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workshops.domain.draft.hyphens import OWN, mark_own_hyphens, without_mark
from workshops.domain.draft.tables import join_lines
from workshops.domain.draft.values import Line
from workshops.domain.draft.words import KEYWORD, fold
from workshops.names import TURNING

_MARKS = re.compile(r"\*\*|__|</?[ubi]>|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_HASHES = re.compile(r"^\s*#{1,6}\s+")
_BULLET = re.compile(r"^\s*(?:[-–•*▪◦·]|→|➔)\s+")
_ITEM = re.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*[.)]|[a-z]\))\s+")
_PAGE_NUMBER = re.compile(
    r"(?:(?:seite|sayfa|page)\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:/|von|of)\s*\d{1,3})?"
)
# Non-breaking spaces, invisible letters, and the ligatures that PDFs hold.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\x00"),
        **dict.fromkeys(TURNING),
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)
_HEADS_AT_LEAST = 3
_ENDS = (".", ":", "?", "!", "”", "“", '"', ";")
_LONGEST_HEAD = 150
# A paragraph does not grow beyond this by joining lines: what is longer is none.
_LONGEST_PARAGRAPH = 10_000


@dataclass(frozen=True, slots=True)
class Tidied:
    """`heads` are the numbers of the lines that only repeat a page's head, or number it."""

    lines: list[Line]
    heads: list[int]
    joined: dict[int, int]
    title: Line | None


def tidy(lines: Sequence[Line]) -> Tidied:
    plain = [replace(line, cells=tuple(_plain(cell) for cell in line.cells)) for line in lines]
    heads = sorted(_running_heads(plain))
    first = next((line for line in plain if line.number in heads and not _is_page_number(line)), None)
    own = mark_own_hyphens([line for line in plain if line.text and line.number not in heads])
    kept, joined = _join(own, heads)
    return Tidied(kept, heads, joined, first)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text.translate(_LETTERS))
    return _MARKS.sub("", _HASHES.sub("", text)).rstrip()


def _running_heads(lines: Sequence[Line]) -> set[int]:
    edges = _last_and_first_of_pages(lines)
    at_edges: dict[str, list[Line]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for line in lines:
        if _may_be_a_head(line):
            counts[fold(line.text)] += 1
            if line.number in edges:
                at_edges[fold(line.text)].append(line)
    first = next((fold(line.text) for line in lines if line.text), "")
    repeated = {
        line.number
        for text, found in at_edges.items()
        if len(found) > 1
        and (counts[text] >= _HEADS_AT_LEAST or text == first or len({line.place for line in found}) > 1)
        for line in found
        if line.place.isdigit() or not line.place
    }
    return repeated | {line.number for line in lines if _is_page_number(line)}


def _may_be_a_head(line: Line) -> bool:
    if line.is_row or not 8 < len(line.text) < _LONGEST_HEAD or line.text.endswith(":"):
        return False
    return not _BULLET.match(line.text)


def _last_and_first_of_pages(lines: Sequence[Line]) -> set[int]:
    """Lines beside a gap of several empty ones, or beside a change of the place: where heads and feet stand."""
    edges: set[int] = set()
    before: Line | None = None
    for line in (line for line in lines if line.text):
        if before is None or line.number - before.number > 3 or line.place != before.place:
            edges.add(line.number)
            if before is not None:
                edges.add(before.number)
        before = line
    return edges | ({before.number} if before else set())


def _is_page_number(line: Line) -> bool:
    if line.is_row or not 0 < len(line.text) < 20:
        return False
    return _PAGE_NUMBER.fullmatch(fold(line.text)) is not None


def _join(lines: Sequence[Line], heads: list[int]) -> tuple[list[Line], dict[int, int]]:
    """Puts lines together that are one paragraph; `joined` leads from a line to the one it went into."""
    kept: list[Line] = []
    joined: dict[int, int] = {}
    last = 0
    for line in lines:
        # Across a page's head a paragraph goes on even with empty lines around the head.
        is_next = line.number - last == 1 or bisect_left(heads, line.number) > bisect_right(heads, last)
        last = line.number
        if kept and is_next and _continues(kept[-1], line):
            joined[line.number] = kept[-1].number
            kept[-1] = replace(kept[-1], cells=(join_lines([kept[-1].cells[0], line.cells[0].strip()]),))
        else:
            kept.append(line)
    return [line if line.is_row else without_mark(line) for line in kept], joined


def _continues(above: Line, line: Line) -> bool:
    if above.is_row or line.is_row or len(above.text) + len(line.text) > _LONGEST_PARAGRAPH:
        return False
    return _looks_continued(above, line) if line.goes_on is None else line.goes_on


def _looks_continued(above: Line, line: Line) -> bool:
    if _BULLET.match(line.cells[0]) or _ITEM.match(line.cells[0]) or KEYWORD.match(fold(line.text)):
        return False
    text, before = line.cells[0], above.cells[0].rstrip()
    indented = text[:1] == " " and bool(_BULLET.match(above.cells[0]))
    breaks_a_word = before.endswith(("-", OWN)) and text.strip()[:1].islower()
    goes_on = text.strip()[:1].islower() and not before.endswith(_ENDS)
    return (indented and not before.endswith(_ENDS)) or breaks_a_word or goes_on
