"""Two versions of a text beside each other, each from where they begin to differ, with the difference marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

# Of a long text so much is shown at first, and so much of it before the first word that differs.
LONG = 200
_BEFORE = 60
_WORDS = re.compile(r"\s*\S+")


@dataclass(frozen=True, slots=True)
class Side:
    """`differing` stands between what both sides have in common."""

    before: str = ""
    differing: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.differing}{self.after}"


def sides(one: str, other: str) -> tuple[Side, Side]:
    """Nothing is marked where one is empty, or where the two have little in common: it was written anew."""
    ours, theirs = _WORDS.findall(one), _WORDS.findall(other)
    head = _shared(ours, theirs)
    tail = _shared(ours[head:][::-1], theirs[head:][::-1])
    if not (ours and theirs) or 2 * (head + tail) < min(len(ours), len(theirs)):
        return Side(one), Side(other)
    return _side(ours, head, tail), _side(theirs, head, tail)


def _shared(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0].strip() == pair[1].strip(), pairs))


def _side(words: list[str], head: int, tail: int) -> Side:
    end = len(words) - tail
    return Side("".join(words[:head]), "".join(words[head:end]), "".join(words[end:]))


def excerpt(side: Side) -> Side:
    """The few words about the difference, on one line."""
    before = " ".join(side.before.split())
    if len(before) > _BEFORE and (side.differing or side.after):
        start = before.find(" ", len(before) - _BEFORE)
        before = f"… {before[start + 1 :]}" if start >= 0 else before
    if len(before) > LONG:
        return Side(_cut(before, LONG))
    differing = _cut(_spaced(before, side.differing), LONG - len(before))
    left = LONG - len(before) - len(differing)
    return Side(before, differing, _cut(_spaced(before + differing, side.after), left))


def _spaced(before: str, text: str) -> str:
    words = " ".join(text.split())
    return f" {words}" if words and before else words


def _cut(text: str, length: int) -> str:
    return text if len(text) <= max(length, 0) else f"{text[: max(length - 1, 0)].rstrip()}…"
