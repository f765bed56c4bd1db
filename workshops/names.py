"""Sorting and finding names of two languages: neither the database nor `str.lower` folds İ and ı the Turkish way."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """For finding: "İSTANBUL", "istanbul" and "ıstanbul" are the same, so are "Müller" and "muller"."""
    plain = text.replace("ı", "i").replace("İ", "i").replace("ß", "ss").casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def name_key(text: str) -> tuple[str, str]:
    """For sorting people of both countries in one list: by the letters without marks, then with them."""
    return fold(text), text.casefold()
