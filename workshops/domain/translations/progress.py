"""How far each workshop is in each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workshops.domain.translations.values import Entry, State
from workshops.languages import CODES


@dataclass(frozen=True, slots=True)
class Progress:
    """`total` counts the texts that exist in any language."""

    total: int
    missing: int
    outdated: int

    @property
    def done(self) -> int:
        return self.total - self.missing - self.outdated


def progress(*, found: Iterable[Entry]) -> dict[tuple[int | None, str], Progress]:
    """By workshop and language; under None what workshops share."""
    counts: Counter[tuple[int | None, str, State]] = Counter()
    for entry in found:
        counts.update((entry.workshop_id, code, entry.state[code]) for code in CODES)
    groups = {workshop for workshop, _code, _state in counts}
    return {(group, code): _progress(counts, group, code) for group in groups for code in CODES}


def _progress(counts: Counter[tuple[int | None, str, State]], group: int | None, language: str) -> Progress:
    by_state = {state: counts[group, language, state] for state in State}
    return Progress(
        sum(by_state.values()) - by_state[State.EMPTY], by_state[State.MISSING], by_state[State.OUTDATED]
    )
