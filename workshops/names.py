"""Names of two languages: sorting and finding them, and what none may hold.

Neither the database nor `str.lower` folds İ and ı the Turkish way.
"""

from __future__ import annotations

import unicodedata

# Unended, each turns round what stands behind it on the page, also what others have written (UAX #9, section 2).
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LEFT_OUT = dict.fromkeys(map(ord, TURNING))


def fold(text: str) -> str:
    """For finding: "İSTANBUL", "istanbul" and "ıstanbul" are the same, so are "Müller" and "muller"."""
    plain = text.replace("ı", "i").replace("İ", "i").replace("ß", "ss").casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def unturned(text: str) -> str:
    """What was copied from elsewhere, without the characters that turn it round."""
    return text.translate(_LEFT_OUT)


def name_key(text: str) -> tuple[str, str]:
    """For sorting people of both countries in one list: by the letters without marks, then with them."""
    return fold(text), text.casefold()
