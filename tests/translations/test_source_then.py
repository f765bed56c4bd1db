"""What is shown of an outdated translation: the words of its source that went, and those that came."""

from __future__ import annotations

import pytest

from workshops.domain.translations.source_then import Piece, compared

pytestmark = pytest.mark.sqlite


def test_words_are_compared_with_words() -> None:
    assert compared(then="Wasser und Wind", now="Wasser und Licht") == [
        Piece("same", "Wasser und "),
        Piece("removed", "Wind"),
        Piece("added", "Licht"),
    ]


def test_longer_texts_are_compared_line_by_line() -> None:
    lines = [f"{number} Wasser und Wind\n" for number in range(200)]
    then, now = "".join(lines), "".join([*lines[:100], "neu\n", *lines[100:]])
    assert compared(then=then, now=now) == [
        Piece("same", "".join(lines[:100])),
        Piece("added", "neu\n"),
        Piece("same", "".join(lines[100:])),
    ]


def test_texts_of_too_many_lines_are_shown_as_replaced() -> None:
    """Comparing them would keep the page waiting for minutes."""
    then, now = "\n" * 9_000, "\n" * 8_999
    assert compared(then=then, now=now) == [Piece("removed", then), Piece("added", now)]
