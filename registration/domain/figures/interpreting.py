from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Listening:
    """People of one language. `is_interpreted`: None where it is not known which language they need."""

    language: str
    count: int
    is_interpreted: bool | None


def needs_interpreting(*, workshop: Workshop, by_language: Iterable[tuple[str, int]]) -> list[Listening]:
    """Who needs the workshop in which language, and whether it is interpreted into it; who goes without comes first."""
    interpreted = set(workshop.interpreted_languages)
    found = [
        Listening(language, count, language in interpreted if language else None)
        for language, count in by_language
    ]
    order = {False: 0, True: 1, None: 2}
    return sorted(found, key=lambda row: (order[row.is_interpreted], -row.count))
