"""What a search engine must be told of the past: which days were moved, and which workshops were taken out."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conference.portions import in_portions
from workshops.domain.programme import Programme
from workshops.languages import Text
from workshops.models import Release


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A workshop of an earlier release; `starts` has a moment a day, or its date where the time was open."""

    id: int
    title: Text
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """`earlier` gives the start a day had before the one it has now."""

    earlier: Mapping[int, dt.datetime] = field(default_factory=dict)
    taken_out: tuple[TakenOut, ...] = ()


def past(*, programme: Programme) -> Past:
    """Of a released programme: worked out once a release in each process, with one query."""
    if programme.released_at is None:
        return Past()
    return _past(programme.conference.id, programme.release_number, programme.released_at)


@functools.lru_cache(maxsize=4)
def _past(conference_id: int, number: int, _released_at: dt.datetime) -> Past:
    """Releases never change; the time tells those of a restored database apart."""
    rows = Release.objects.filter(conference=conference_id, number__lte=number).order_by("number")
    starts: dict[int, list[str]] = {}
    known: dict[int, dict[str, Any]] = {}
    last: list[dict[str, Any]] = []
    for release in (release for portion in in_portions(rows, size=10) for release in portion):
        last = release.snapshot["workshops"]
        known |= {workshop["id"]: workshop for workshop in last}
        for day in (day for workshop in last for day in workshop["days"]):
            _note(starts.setdefault(day["id"], []), day["start"])
    gone = known.keys() - {workshop["id"] for workshop in last}
    return Past(
        earlier={
            day: dt.datetime.fromisoformat(found[-2]) for day, found in starts.items() if len(found) > 1
        },
        taken_out=tuple(_taken_out(known[key]) for key in sorted(gone)),
    )


def _note(found: list[str], start: str | None) -> None:
    """A day that is without a time for a while has not been moved."""
    if start is not None and found[-1:] != [start]:
        found.append(start)


def _taken_out(workshop: dict[str, Any]) -> TakenOut:
    starts = tuple(day["start"] or day["date"] for day in workshop["days"])
    return TakenOut(workshop["id"], workshop["title"], starts)
