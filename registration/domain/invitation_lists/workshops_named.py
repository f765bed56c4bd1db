"""Which workshops the words in a row mean: a number, a short name or a title in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registration.domain.invitation_lists.columns import plain
from workshops.languages import text_of
from workshops.models import Workshop

_BETWEEN = re.compile(r"\s*(?:[,/&+]|\b(?:und|ve|and)\b)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[^\W\d]+\W*)?(\d{1,3})\W*")
_KINDS = {
    "",
    "nr",
    "no",
    "ws",
    "workshop",
    "fachworkshop",
    "calistay",
    "num",
    "numara",
    "number",
    "nummer",
    "w",
    "c",
}


class WorkshopsNamed:
    """The organiser's own workshops of one conference; what is somebody else's is as unknown as what does not exist."""

    def __init__(self, workshops: Iterable[Workshop]) -> None:
        self._keys: dict[str, int] = {}
        self._numbers: dict[int, int] = {}
        for workshop in workshops:
            names = [workshop.slug, str(workshop), *text_of(workshop, "title").values()]
            self._keys.update({plain(name): workshop.pk for name in names if name})
            if workshop.number is not None:
                self._numbers[workshop.number] = workshop.pk

    def keys_of(self, words: Sequence[str]) -> tuple[tuple[int, ...], str]:
        """The workshops' keys, and the first word that means none."""
        found: dict[int, None] = {}
        for word in words:
            for key, part in self._read(word):
                if key is None:
                    return (), part
                found[key] = None
        return tuple(found), ""

    def _read(self, word: str) -> list[tuple[int | None, str]]:
        """A title may hold a comma or an "and": as a whole first."""
        if (key := self._key(word)) is not None:
            return [(key, word)]
        return [(self._key(part), part) for part in _BETWEEN.split(word) if part]

    def _key(self, word: str) -> int | None:
        if (key := self._keys.get(plain(word))) is not None:
            return key
        number = _NUMBER.fullmatch(word.strip())
        if number is None or plain(word[: number.start(1)]) not in _KINDS:
            return None
        return self._numbers.get(int(number[1]))
