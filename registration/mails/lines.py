"""Text for places that take a single line."""

from __future__ import annotations


def one_line(text: str) -> str:
    """For headers and names: no line break, and no invisible mark that turns the text after it around."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
