from __future__ import annotations

import functools
from difflib import SequenceMatcher
from typing import Any

from workshops.domain.import_programme.guesses import plain
from workshops.languages import text_of


@functools.lru_cache(maxsize=20_000)
def likeness(a: str, b: str) -> float:
    """0 to 1, of two plain texts; one that is part of the other is nearly the same."""
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) > 8 and f" {shorter} " in f" {longer} ":
        return 0.95
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def likeness_of_titles(title: str, row: Any, language: str) -> float | None:
    """How alike a title and a row's are in the draft's language; None where the row has none in it."""
    there = plain(text_of(row, "title")[language])
    return likeness(plain(title), there) if there else None
