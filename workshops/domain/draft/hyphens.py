"""Hyphens at the ends of lines: which of them are the words' own, and not where somebody broke a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from workshops.domain.draft.values import Line
from workshops.domain.draft.words import fold

# Stands for a hyphen that stays when lines are joined: the one that Word does not break a line at.
OWN = "\u2011"
_AT_END = re.compile(r"([^\W\d_]+)-$")
_COMPOUND = re.compile(r"(?<![\w-])([^\W\d_]{2,})-([^\W\d_]{2,})(?![\w-])")
_FIRST = re.compile(r"[^\W\d_]+")
_PEOPLES = ("deutsch", "turkisch", "alman", "turk", "german", "turkish")
# Endings are inflected: "ökologischer", "ökologische".
_ENDING = 2
_SHORTEST = 4


def mark_own_hyphens(lines: Sequence[Line]) -> list[Line]:
    """A hyphen is the word's own where the same word has it within a line, or where it joins the two peoples."""
    known = {(fold(a), fold(b)) for line in lines for a, b in _COMPOUND.findall("\n".join(line.cells))}
    following = [*lines[1:], None]
    return [_marked(line, after, known) for line, after in zip(lines, following, strict=True)]


def without_mark(line: Line) -> Line:
    """For what is not continued after all."""
    return replace(line, cells=tuple(cell.replace(OWN, "-") for cell in line.cells))


def _marked(line: Line, after: Line | None, known: set[tuple[str, str]]) -> Line:
    if "-\n" not in "".join(f"{cell}\n" for cell in line.cells):
        return line
    below = [cell for cell in after.cells if cell.strip()] if after is not None else []
    return replace(line, cells=tuple("\n".join(_cell(cell.split("\n"), below, known)) for cell in line.cells))


def _cell(parts: Sequence[str], below: Sequence[str], known: set[tuple[str, str]]) -> Iterator[str]:
    for index, part in enumerate(parts):
        following = parts[index + 1 : index + 2] or below
        head = _AT_END.search(part)
        is_own = head is not None and any(_belongs(fold(head[1]), text, known) for text in following)
        yield part[:-1] + OWN if is_own else part


def _belongs(head: str, text: str, known: set[tuple[str, str]]) -> bool:
    first = _FIRST.match(text.strip())
    if first is None:
        return False
    tail = fold(first[0])
    if head in _PEOPLES and tail.startswith(_PEOPLES) and not tail.startswith(head):
        return True
    return any(head == a and _is_inflected(b, tail) for a, b in known)


def _is_inflected(word: str, other: str) -> bool:
    stem = word[: max(_SHORTEST, len(word) - _ENDING)]
    return other.startswith(stem) and len(other) <= len(word) + _ENDING
