"""Readable names in addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LONGEST = 50
_LETTERS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "ae",
        "Ö": "oe",
        "Ü": "ue",
        "ß": "ss",
        "ı": "i",
        "İ": "i",
        "&": " ",
    }
)
_ARTICLES = {"die", "der", "das", "the", "a"}
# A long title says its subject first: "Schutzfunktion der Kommunen | für marginalisierte Gruppen …".
_GOES_ON = {"fuer", "in", "im", "zu", "zum", "zur", "mit", "for", "icin"}
_HANGS = _ARTICLES | _GOES_ON | {"und", "ve", "and", "of", "von", "des", "den", "dem"}


def slug_of(text: str) -> str:
    """At most 50 characters, cut at a word; "Büyükşehir" becomes "bueyueksehir". Empty where no letter is left."""
    words = _words(text)
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    if len("-".join(words)) > LONGEST:
        words = _shortened(words)
    return "-".join(words)[:LONGEST].strip("-")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).translate(_LETTERS)).lower()
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _shortened(words: list[str]) -> list[str]:
    subject = next((words[:n] for n, word in enumerate(words) if n and word in _GOES_ON), words)
    while len(subject) > 1 and (len("-".join(subject)) > LONGEST or subject[-1] in _HANGS):
        subject = subject[:-1]
    return subject


def free_slug(text: str, *, otherwise: str, is_taken: Callable[[str], bool]) -> str:
    """The slug of `text`, with a number behind it where it is taken."""
    wanted = slug_of(text) or otherwise
    number, slug = 1, wanted
    while is_taken(slug):
        number += 1
        slug = f"{wanted[: LONGEST - len(str(number)) - 1].rstrip('-')}-{number}"
    return slug
