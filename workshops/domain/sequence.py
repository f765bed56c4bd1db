"""How often what a calendar shows has changed from release to release (RFC 5545, section 3.8.7.4: SEQUENCE)."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from conference.portions import in_portions
from workshops.domain.programme import DayEntry, Programme, WorkshopEntry
from workshops.domain.release import newest_release
from workshops.domain.snapshot import from_snapshot
from workshops.languages import Text
from workshops.models import Conference, Release

Kind = Literal["workshop", "day", "session"]
Key = tuple[Kind, int]


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` are None while to be announced; `date` is the home date."""

    date: dt.date
    start: dt.datetime | None
    end: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a calendar shows of an entry: a workshop has one span a day, a day and a session have one.

    `titles` are what it is called by: its own, a day by its workshop's and its own. The workshop it belongs to and
    that one's address are told besides and count for nothing.
    """

    titles: tuple[Text, ...]
    platform: str
    spans: tuple[Span, ...]
    workshop: Text = field(compare=False)
    slug: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """`sequence` is 0 at first and never falls; `created` and `modified` are the times of releases.

    `is_cancelled`: taken out of the programme; `facts` are the last ones known.
    """

    sequence: int
    created: dt.datetime
    modified: dt.datetime
    facts: Facts
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Sequences:
    """The entries of all releases up to the newest one, by kind and id, in the order in which they first came."""

    entries: Mapping[Key, CalendarEntry] = field(default_factory=dict)

    def of(self, kind: Kind, pk: int) -> CalendarEntry:
        """Raises KeyError for what was never released."""
        return self.entries[kind, pk]

    def cancelled(self) -> dict[Key, CalendarEntry]:
        """What was taken out, so that a calendar can be told."""
        return {key: entry for key, entry in self.entries.items() if entry.is_cancelled}


def sequence(*, conference: Conference) -> Sequences:
    """For the releases so far; worked out once a release in each process."""
    newest = newest_release(conference=conference)
    if newest is None:
        return Sequences()
    return _sequence_of(conference.pk, newest.pk, newest.number, newest.published_at)


@functools.lru_cache(maxsize=4)
def _sequence_of(conference_id: int, pk: int, number: int, published_at: dt.datetime) -> Sequences:
    """The newest release names them all: releases never change, and the time tells a restored database's apart."""
    rows = Release.objects.filter(conference=conference_id, number__lte=number).order_by("number")
    return sequences(
        (release.published_at, from_snapshot(release.snapshot))
        for portion in in_portions(rows, size=10)
        for release in portion
    )


def sequences(releases: Iterable[tuple[dt.datetime, Programme]]) -> Sequences:
    """Of releases in their order, each with its time. One release raises a sequence by one at most."""
    entries: dict[Key, CalendarEntry] = {}
    for released_at, programme in releases:
        entries = _with(entries, released_at, dict(_facts(programme)))
    return Sequences(entries)


def _with(
    entries: dict[Key, CalendarEntry], released_at: dt.datetime, facts: dict[Key, Facts]
) -> dict[Key, CalendarEntry]:
    known = {key: _next(entry, released_at, facts.get(key)) for key, entry in entries.items()}
    new = {
        key: CalendarEntry(0, released_at, released_at, these)
        for key, these in facts.items()
        if key not in entries
    }
    return known | new


def _next(entry: CalendarEntry, released_at: dt.datetime, facts: Facts | None) -> CalendarEntry:
    is_cancelled, now = facts is None, facts or entry.facts
    if (is_cancelled, now) == (entry.is_cancelled, entry.facts):
        return replace(entry, facts=now)
    return CalendarEntry(entry.sequence + 1, entry.created, released_at, now, is_cancelled)


def _facts(programme: Programme) -> Iterator[tuple[Key, Facts]]:
    for workshop in programme.workshops:
        yield ("workshop", workshop.id), _of(workshop, [workshop.title], map(_span, workshop.days))
        for day in workshop.days:
            yield ("day", day.id), _of(workshop, [workshop.title, day.title], [_span(day)])
            for session in day.walk():
                span = Span(day.date, session.start, session.end)
                yield ("session", session.id), _of(workshop, [session.title], [span])


def _span(day: DayEntry) -> Span:
    return Span(day.date, day.start, day.end)


def _of(workshop: WorkshopEntry, titles: Iterable[Text], spans: Iterable[Span]) -> Facts:
    platform = workshop.platform.name if workshop.platform is not None else ""
    return Facts(tuple(titles), platform, tuple(spans), workshop.title, workshop.slug)
