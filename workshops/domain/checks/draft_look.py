"""A draft beside the programme made of it: which line is which object, and what each place says about times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property

from workshops.clocks import Zone
from workshops.domain.checks.finding import Finding, Place, Ref
from workshops.domain.draft.values import Draft, DraftDay, DraftSession, DraftWorkshop, OverviewRow
from workshops.domain.programme import DayEntry, Programme, SessionEntry, SpeakerEntry, WorkshopEntry
from workshops.names import fold

_TITLES = re.compile(r"^((prof|dr|doc|dipl|ing|ogr|gor|ars|mag|av)\b[\s.-]*)+")


@dataclass(frozen=True)
class DraftLook:
    draft: Draft
    programme: Programme

    @property
    def zones(self) -> tuple[Zone, ...]:
        return self.programme.conference.zones

    def days(self) -> Iterator[tuple[DraftWorkshop, DraftDay]]:
        for workshop in self.draft.workshops:
            for day in workshop.days:
                yield workshop, day

    @cached_property
    def rows(self) -> list[tuple[OverviewRow, DraftWorkshop | None]]:
        """Each row of the overview with the workshop whose own page it announces."""
        return [(row, self._workshop_of(row)) for row in self.draft.overview]

    def _workshop_of(self, row: OverviewRow) -> DraftWorkshop | None:
        numbered = [w for w in self.draft.workshops if w.number is not None and w.number == row.number]
        alike = [w for w in self.draft.workshops if titles_alike(w.title, row.title)]
        return next(iter(numbered or alike), None)

    @cached_property
    def lines(self) -> dict[Ref, int]:
        """The line from which each object of the programme was read, as far as that can be told."""
        return {ref: line for ref, line in _lines(self.draft, self.programme) if line}


def titles_alike(one: str, other: str) -> bool:
    """An overview shortens titles; they are another's only when most words of the shorter one are not in the longer."""
    words, other_words = _words(one), _words(other)
    fewer = min(len(words), len(other_words))
    return fewer == 0 or len(words & other_words) >= 0.6 * fewer


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))


def bare_name(name: str) -> str:
    """A name as a draft writes it, without its academic titles."""
    rest = list(name.split())
    while len(rest) > 1 and _TITLES.fullmatch(fold(rest[0])):
        rest.pop(0)
    return " ".join(rest)


# Which line is which object


def _lines(draft: Draft, programme: Programme) -> Iterator[tuple[Ref, int]]:
    """What was said last holds, so what is sure comes last."""
    yield Ref("conference", programme.conference.id), _conference_line(draft)
    people = _people(draft)
    for speaker in programme.speakers:
        yield Ref("speaker", speaker.slug), _line_of(speaker, people)
    for workshop, entry in _pairs(draft.workshops, programme.workshops):
        yield from _lines_of_workshop(workshop, entry)


def _conference_line(draft: Draft) -> int:
    return next((reading.line for reading in draft.readings if "conference dates" in reading.what), 0)


def _people(draft: Draft) -> dict[str, int]:
    found: dict[str, int] = {}
    for workshop in draft.workshops:
        for session in every_session(day for day in workshop.days):
            for appearance in session.appearances:
                if appearance.name:
                    found.setdefault(fold(bare_name(appearance.name)), appearance.line or session.line)
    return found


def _line_of(speaker: SpeakerEntry, people: Mapping[str, int]) -> int:
    return people.get(fold(f"{speaker.first_name} {speaker.last_name}"), 0)


def every_session(days: Iterable[DraftDay]) -> Iterator[DraftSession]:
    """Every item and part, in reading order."""
    for day in days:
        for session in day.sessions:
            yield from walk(session)


def walk(session: DraftSession) -> Iterator[DraftSession]:
    yield session
    for part in session.parts:
        yield from walk(part)


def _pairs(
    workshops: Sequence[DraftWorkshop], entries: Sequence[WorkshopEntry]
) -> Iterator[tuple[DraftWorkshop, WorkshopEntry]]:
    for workshop in workshops:
        numbered = [e for e in entries if workshop.number is not None and e.number == workshop.number]
        alike = [
            entry
            for entry in entries
            if entry.kind == workshop.kind
            and any(text and titles_alike(text, workshop.title) for text in entry.title.values())
        ]
        if found := numbered or alike:
            yield workshop, found[0]


def _lines_of_workshop(workshop: DraftWorkshop, entry: WorkshopEntry) -> Iterator[tuple[Ref, int]]:
    yield Ref("workshop", entry.id), workshop.line
    if entry.platform is not None:
        yield Ref("platform", entry.platform.name), workshop.line
    for host in entry.hosts:
        yield Ref("organisation", host.slug), workshop.line
    by_date = {day.date: day for day in workshop.days}
    for day in entry.days:
        if day.date in by_date:
            yield from _lines_of_day(by_date[day.date], day)


def _lines_of_day(day: DraftDay, entry: DayEntry) -> Iterator[tuple[Ref, int]]:
    yield Ref("workshopday", entry.id), day.line
    yield from _lines_of_sessions(day.sessions, entry.sessions)


def _lines_of_sessions(
    sessions: Sequence[DraftSession], entries: Sequence[SessionEntry]
) -> Iterator[tuple[Ref, int]]:
    for session, entry in _matched(sessions, entries):
        yield Ref("session", entry.id), session.line
        for index, appearance in enumerate(entry.appearances):
            if appearance.organisation is not None:
                yield Ref("organisation", appearance.organisation.slug), session.line
            if len(session.appearances) == len(entry.appearances):
                line = session.appearances[index].line or session.line
                yield Ref("session", entry.id, index), line
        yield from _lines_of_sessions(session.parts, entry.parts)


def _matched(
    sessions: Sequence[DraftSession], entries: Sequence[SessionEntry]
) -> Iterator[tuple[DraftSession, SessionEntry]]:
    """By title and order; where as many were read as there are, simply by order."""
    if len(sessions) == len(entries):
        yield from zip(sessions, entries, strict=True)
        return
    titles = [fold(session.title) for session in sessions]
    known = [fold(next((text for text in entry.title.values() if text), "")) for entry in entries]
    for block in SequenceMatcher(None, titles, known, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            yield sessions[block.a + offset], entries[block.b + offset]


def on_lines(finding: Finding, lines: Mapping[Ref, int]) -> Finding:
    """A finding about a programme that is only rehearsed: lines instead of pages that do not exist yet, no click."""
    return replace(finding, places=tuple(_on_line(place, lines) for place in finding.places), proposal=None)


def _on_line(place: Place, lines: Mapping[Ref, int]) -> Place:
    ref = place.ref
    if ref is None:
        return place
    line = lines.get(ref) or lines.get(replace(ref, index=None))
    if line:
        return replace(place, line=line)
    return place if isinstance(ref.key, int) else replace(place, ref=None)
