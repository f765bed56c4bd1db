"""Regular expressions that find what `fold` makes the same, for databases: they know no such folding.

Written so that PostgreSQL and Python (which is SQLite's) read them alike: lists of letters, and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from workshops.names import fold

# What a letter's marks may be when they are written behind it.
_MARKS = "\u0300-\u036f"
_LAST = 0xFFFF
_SURROGATES = range(0xD800, 0xE000)
_RARE = "\U00010000-\U0010ffff"


def pattern_of(word: str) -> str:
    """Finds a folded word, wherever it is written with letters that each fold to one (see `pattern_of_unusual`)."""
    letters = _letters_by_fold()
    return "".join(f"[{_listed(letters.get(letter, [letter]))}][{_MARKS}]*" for letter in word)


@cache
def _letters_by_fold() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for letter in _all_letters():
        if len(folded := fold(letter)) == 1:
            found[folded].append(letter)
    return dict(found)


def _all_letters() -> list[str]:
    """Without U+0000, which no database keeps."""
    return [chr(number) for number in range(1, _LAST + 1) if number not in _SURROGATES]


def _listed(letters: list[str]) -> str:
    return "".join(re.escape(letter) if letter.isascii() else letter for letter in letters)


@cache
def pattern_of_unusual() -> str:
    """A letter that folds to several, such as "ß", or to none; or so rare that nobody has looked."""
    marks = re.compile(f"[{_MARKS}]")
    numbers = {ord(letter) for letter in _all_letters() if len(fold(letter)) != 1 and not marks.match(letter)}
    first = sorted(number for number in numbers if number - 1 not in numbers)
    last = sorted(number for number in numbers if number + 1 not in numbers)
    ranges = "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(first, last, strict=True))
    return f"[{ranges}{_RARE}]"
