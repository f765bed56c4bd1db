"""An agenda written as a list: with numbers, bullets, parts within parts, and people below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from workshops.domain.draft.people import (
    NAME,
    find_role,
    is_everybody,
    is_name,
    read_cell,
    read_people,
    starts_somebody,
)
from workshops.domain.draft.rows import session_of
from workshops.domain.draft.tables import Row
from workshops.domain.draft.times import bracketed_minutes, clock_named, leading_times, length
from workshops.domain.draft.values import DraftDay, DraftSession, Line
from workshops.domain.draft.words import GUIDING_QUESTIONS, fold

_BULLET = re.compile(r"^\s*((?:[-–•*▪◦·]|→|➔)\s+)+")
_NUMBER = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2})*)[.)]\s+")
_DEEP_NUMBER = re.compile(r"^\s*(\d{1,2}\.\d{1,2})\.?\s+")
_LETTER = re.compile(r"^\s*([a-z])\)\s+")
_ARROW = re.compile(r"^\s*(?:[-–]\s+)?(?:→|➔)\s*")
_IMPULSE = re.compile(rf"^(?P<what>[\w-]+)\s+(?P<name>{NAME})\s*:\s*(?P<title>.+)$")
_BY = re.compile(rf"^(?P<title>.+):\s*(?P<name>{NAME})$")
_LONGEST_TITLE = 600


@dataclass(slots=True)
class Agenda:
    """The sessions of one day, as far as they were read; `said` names what the last line was."""

    day: DraftDay
    may_be_titled: bool = False
    in_results: bool = False
    said: tuple[str, ...] = ()
    # Sessions whose time names no clock: which one it is, the day's own times tell at the end.
    unnamed: list[DraftSession] = field(default_factory=list)
    top: DraftSession | None = None
    part: DraftSession | None = None
    collects: str = ""
    each: int | None = None

    @property
    def current(self) -> DraftSession | None:
        return self.part or self.top

    def row(self, row: Row, *, year: int | None) -> bool:
        """Whether the row of a table is a session; one with a number such as 2.1 is a part of the one above."""
        session = session_of(row, year=year)
        if session is None:
            return False
        if "." in session.number and self.top is not None:
            self.top.parts.append(session)
            self.part = session
        else:
            self._begin(session)
        if session.times and not row.names_a_clock():
            self.unnamed.append(session)
        return True

    def line(self, line: Line) -> bool:
        """Whether the line belongs to the agenda."""
        text = line.text.strip()
        if self.in_results:
            return self._result(text)
        return (
            self._questions(text)
            or self._role(text, line.number)
            or self._each_of(text)
            or self._remark(text)
            or self._numbered(text, line.number)
            or self._lettered(text, line.number)
            or self._timed(text, line.number)
            or self._bullet(line)
            or self._people(text, line.number)
            or self._title_of_day(text)
        )

    def _as(self, *what: str) -> bool:
        self.said = what
        return True

    def _begin(self, session: DraftSession) -> None:
        self.top, self.part, self.collects, self.each = session, None, "", None
        self.day.sessions.append(session)

    def _result(self, text: str) -> bool:
        self.day.results.append(_BULLET.sub("", text))
        return self._as("results")

    def _questions(self, text: str) -> bool:
        if fold(text).rstrip(": ") in GUIDING_QUESTIONS and self.current is not None:
            self.collects = "questions"
            return self._as("guiding questions")
        return False

    def _role(self, text: str, line: int) -> bool:
        """ "Moderation: …" and "Rapporteure: …" on a line of their own."""
        bare = _BULLET.sub("", text)
        found = find_role(bare)
        if found is None or found[0] != 0 or self.current is None:
            return False
        self._add_people(bare[found[1] :], found[2], line)
        self.collects = f"people:{found[2]}"
        return self._as(found[2])

    def _each_of(self, text: str) -> bool:
        """ "Contributions of the cities (10 minutes each):": what is numbered below are parts of that length."""
        _bare, minutes, each = bracketed_minutes(text)
        if each and minutes and self.current is not None:
            self.collects, self.each = "each", minutes
            return self._as("parts")
        return False

    def _remark(self, text: str) -> bool:
        if not _ARROW.match(text) or self.current is None:
            return False
        _describe(self.current, _ARROW.sub("", text))
        return self._as("description")

    def _numbered(self, text: str, line: int) -> bool:
        bare = re.sub(r"^\s*[-–•*]\s+", "", text)
        if match := _DEEP_NUMBER.match(bare):
            return self._open_part(bare[match.end() :], match[1], line)
        match = _NUMBER.match(bare)
        if not match:
            return False
        if self.collects == "each" and self.current is not None:
            return self._contribution(self.current, bare[match.end() :], line)
        if "." in match[1]:
            return self._open_part(bare[match.end() :], match[1], line)
        return self._open_top(bare[match.end() :], match[1], line)

    def _contribution(self, owner: DraftSession, text: str, line: int) -> bool:
        people = read_people([text], line=line)
        where = dict.fromkeys(person.organisation for person in people if person.organisation)
        owner.parts.append(
            DraftSession(", ".join(where) or text, line, minutes=self.each, appearances=people)
        )
        return self._as("part", "speaker")

    def _open_top(self, text: str, number: str, line: int) -> bool:
        self._begin(_session(text, number, line))
        if self.top is not None and self.top.times and clock_named(text) is None:
            self.unnamed.append(self.top)
        return self._as("session")

    def _open_part(self, text: str, number: str, line: int) -> bool:
        if self.top is None:
            return self._open_top(text, number, line)
        self.part = _session(text, number, line)
        self.collects, self.each = "", None
        self.top.parts.append(self.part)
        return self._as("part")

    def _lettered(self, text: str, line: int) -> bool:
        bare = _BULLET.sub("", text)
        match = _LETTER.match(bare)
        if not match or self.top is None:
            return False
        self.top.parts.append(_with_name(bare[match.end() :], line))
        return self._as("part")

    def _timed(self, text: str, line: int) -> bool:
        """ "09:30 Begrüßung", with a bullet or without."""
        bare = _BULLET.sub("", text)
        times, rest = leading_times(bare)
        return bool(times and rest.strip()) and self._open_top(bare, "", line)

    def _bullet(self, line: Line) -> bool:
        if not _BULLET.match(line.text):
            return False
        bare, current = _BULLET.sub("", line.text).strip(), self.current
        if self.collects == "questions" and current is not None:
            current.questions.append(bare)
            return self._as("guiding question")
        is_below = self.top is not None and (bool(self.top.number) or line.cells[0][:1] == " ")
        if current is None or not is_below:
            self._begin(_with_name(bare, line.number))
            return self._as("session")
        if starts_somebody(bare) or is_everybody(bare):
            self._add_people(bare, "speaker", line.number)
            return self._as("speaker")
        _describe(current, bare)
        return self._as("description")

    def _people(self, text: str, line: int) -> bool:
        """Further people below "Rapporteure: …"."""
        if not self.collects.startswith("people:") or not starts_somebody(text):
            return False
        role = self.collects.partition(":")[2]
        self._add_people(text, role, line)
        return self._as(role)

    def _title_of_day(self, text: str) -> bool:
        """A short line below "Day 1", before its agenda begins."""
        is_free = self.may_be_titled and self.top is None and not self.day.title
        if not is_free or len(text) > 80 or text.endswith((".", ":")):
            return False
        self.day.title = text
        return self._as("title of the day")

    def _add_people(self, text: str, role: str, line: int) -> None:
        if self.current is not None:
            cell = read_cell([text], role=role, line=line)
            self.current.everybody = self.current.everybody or cell.everybody
            self.current.appearances.extend(cell.appearances)


def _describe(session: DraftSession, text: str) -> None:
    session.description = "\n".join(part for part in (session.description, text) if part)


def _session(text: str, number: str, line: int) -> DraftSession:
    times, text = leading_times(text)
    text, minutes, _each = bracketed_minutes(text)
    session = DraftSession("", line, times, minutes or length(times), number)
    if found := find_role(text):
        session.appearances.extend(read_people([text[found[1] :]], role=found[2], line=line))
        text = text[: found[0]]
    session.title = " ".join(text.split()).strip(" :–-")
    return session


def _with_name(text: str, line: int) -> DraftSession:
    """ "Impulsvortrag Dr. A. B.: Title" and "Title: A. B."."""
    session = _session(text, "", line)
    if len(text) > _LONGEST_TITLE:
        return session
    if (match := _BY.match(text)) and is_name(match["name"]):
        session.title = match["title"].strip()
        session.appearances = read_people([match["name"]], line=line)
    elif (match := _IMPULSE.match(text)) and is_name(match["name"]):
        session.title = f"{match['what']}: {match['title'].strip()}"
        session.appearances = read_people([match["name"]], line=line)
    return session
