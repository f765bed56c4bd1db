"""The numbers and bullets that Word draws in front of a list’s paragraphs, and does not write into them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_PLACEHOLDER = re.compile(r"%(\d)")
_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """`template` is such as "%1.%2."."""

    kind: str = "bullet"
    template: str = ""
    start: int = 1


@dataclass(slots=True)
class _List:
    """Lists made from one pattern go on counting, unless one says where it starts anew."""

    pattern: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Lists:
    def __init__(self, document: Any) -> None:
        self.lists = _lists(document)
        self.styles = {
            style.get(qn("w:styleId")): style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            for style in document.styles.element.iter(qn("w:style"))
        }
        self.counters: dict[str, list[int]] = defaultdict(lambda: [0] * _DEEPEST)

    def prefix(self, paragraph: Any) -> str:
        """Such as "2.1. " or "  - "; empty for what is in no list."""
        number, depth = self._number_of(paragraph)
        found = self.lists.get(number)
        if found is None or not 0 <= depth < _DEEPEST:
            return ""
        level, indent = found.levels.get(depth, _Level()), "  " * depth
        if level.kind in {"bullet", "none"}:
            return f"{indent}- " if level.kind == "bullet" else ""
        self._count(found, depth, level)
        return (
            indent
            + _PLACEHOLDER.sub(lambda match: self._shown(found, int(match[1]) - 1), level.template)
            + " "
        )

    def _count(self, found: _List, depth: int, level: _Level) -> None:
        counters = self.counters[found.pattern]
        if depth in found.starts:
            counters[depth] = found.starts.pop(depth)
        else:
            counters[depth] = counters[depth] + 1 if counters[depth] else level.start
        counters[depth + 1 :] = [0] * (_DEEPEST - 1 - depth)

    def _shown(self, found: _List, depth: int) -> str:
        value = self.counters[found.pattern][depth] or 1
        is_letter = found.levels.get(depth, _Level()).kind == "lowerLetter"
        return chr(96 + (value - 1) % 26 + 1) if is_letter else str(value)

    def _number_of(self, paragraph: Any) -> tuple[str, int]:
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is None:
            named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            found = self.styles.get(named.get(qn("w:val"))) if named is not None else None
        if found is None:
            return "", 0
        return _value(found, "w:numId", ""), int(_value(found, "w:ilvl", "0"))


def _lists(document: Any) -> dict[str, _List]:
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    patterns = {
        entry.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"))): _level(level) for level in entry.iter(qn("w:lvl"))
        }
        for entry in numbering.iter(qn("w:abstractNum"))
    }
    return {entry.get(qn("w:numId")): _list(entry, patterns) for entry in numbering.iterchildren(qn("w:num"))}


def _level(level: Any) -> _Level:
    return _Level(
        _value(level, "w:numFmt", "decimal"),
        _value(level, "w:lvlText", ""),
        int(_value(level, "w:start", "1")),
    )


def _list(entry: Any, patterns: dict[str, dict[int, _Level]]) -> _List:
    pattern = _value(entry, "w:abstractNumId", "")
    starts = {
        int(override.get(qn("w:ilvl"))): int(_value(override, "w:startOverride", "1"))
        for override in entry.iterchildren(qn("w:lvlOverride"))
        if override.find(qn("w:startOverride")) is not None
    }
    return _List(pattern, patterns.get(pattern, {}), starts)


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(qn(name))
    return str(found.get(qn("w:val"), default)) if found is not None else default
