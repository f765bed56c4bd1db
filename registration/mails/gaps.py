"""A text with gaps, made once from one with marks in them, and filled in for each mail."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

# Letters and digits only, which no step on the way changes; chance, so that nobody can write one into a text.
_SIGN = secrets.token_hex(8)
_MARK = re.compile(rf"{_SIGN}x(\d+)x")
# Stands between words that go a step of the way together.
BETWEEN = f"{_SIGN}-"
_MARKS = [f"{_SIGN}x{number}x" for number in range(200)]


def mark(number: int) -> str:
    """Stands in a text where the word of this number is to stand."""
    return _MARKS[number] if number < len(_MARKS) else f"{_SIGN}x{number}x"


class WireText(str):
    """A text that knows how it goes over the wire: in UTF-8, with the line ends of mail."""

    __slots__ = ("wire",)
    wire: bytes

    @classmethod
    def of(cls, text: str) -> WireText:
        made = cls(text)
        made.wire = _wire_form(text)
        return made


class Gapped:
    """What stands before, between and after the words, and which word stands in each gap."""

    __slots__ = ("_pieces", "_places", "_wire")

    def __init__(self, marked: str) -> None:
        self._pieces = _MARK.split(marked)
        self._places = [int(number) for number in self._pieces[1::2]]
        self._wire: list[bytes] = [_wire_form(piece) for piece in self._pieces]

    def filled(self, words: Sequence[str]) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = [words[place] for place in self._places]
        return "".join(pieces)

    def filled_for_wire(self, words: Sequence[str]) -> WireText:
        """The same, with what stands between the words encoded once for all mails."""
        text = WireText(self.filled(words))
        pieces, encoded = self._wire.copy(), [_wire_form(word) for word in words]
        pieces[1::2] = [encoded[place] for place in self._places]
        text.wire = b"".join(pieces)
        return text


def _wire_form(text: str) -> bytes:
    return text.encode().replace(b"\n", b"\r\n")
