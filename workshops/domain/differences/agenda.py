"""The agendas of one workshop in two versions: what came, went, moved, and begins at another time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workshops.domain.differences.pairs import out_of_order, pairs
from workshops.domain.differences.people import appearance_differences
from workshops.domain.differences.texts import changed_texts
from workshops.domain.differences.values import Code, Difference
from workshops.domain.programme import DayEntry, SessionEntry, WorkshopEntry

_TEXTS = ("description", "guiding_questions")
_ONCE = {Code.SPEAKER_RENAMED, Code.SPEAKER_HOUSE}
Shift = dt.timedelta | Literal["fixed", "open"]
_NONE = dt.timedelta()
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Lying:
    """A session, its day, and what it lies in directly: a day, or the session it is part of."""

    day: DayEntry
    session: SessionEntry
    place: Place


def agenda_differences(before: WorkshopEntry, after: WorkshopEntry) -> dict[int, list[Difference]]:
    """By the id of the day. Sessions keep their ids when they are moved to another day."""
    return _Agendas(before, after).by_day()


class _Agendas:
    def __init__(self, before: WorkshopEntry, after: WorkshopEntry) -> None:
        self.days = list(pairs(before.days, after.days))
        self.old, self.new = _lying(before), _lying(after)
        self.moved = {pk for pk, now in self.new.items() if self._lay_elsewhere(pk, now)}
        for place, order in _orders(self.new).items():
            mine = [pk for pk in order if pk not in self.moved]
            theirs = [pk for pk in _orders(self.old).get(place, ()) if pk in mine]
            self.moved |= out_of_order(theirs, mine)  # type: ignore[arg-type]
        self.said: set[object] = set()

    def _lay_elsewhere(self, pk: int, now: _Lying) -> bool:
        return pk in self.old and self.old[pk].place != now.place

    def by_day(self) -> dict[int, list[Difference]]:
        found: dict[int, list[Difference]] = defaultdict(list)
        for before, after in self.days:
            if after is not None:
                found[after.id].extend(self._day(before, after))
        return found

    def _day(self, before: DayEntry | None, after: DayEntry) -> Iterator[Difference]:
        shifts = _Shifts(before, after, self.moved).found() if before is not None else {}
        old = list(before.walk()) if before is not None else []
        for was, now in pairs(old, list(after.walk())):
            if now is None:
                yield from self._gone(was)
            elif now.id in self.old:
                yield from self._kept(self.old[now.id], self.new[now.id])
                yield from (replace(shift, session=now) for shift in shifts.get(now.id, ()))
            elif before is not None and self._is_new_itself(now):
                yield Difference(Code.SESSION_ADDED, session=now, after=now)

    def _gone(self, session: SessionEntry | None) -> Iterator[Difference]:
        """What was moved to another day is said there; the parts of what is gone need no words of their own."""
        if session is None or session.id in self.new:
            return
        kind, pk = self.old[session.id].place
        if kind == "day" or pk in self.new:
            yield Difference(Code.SESSION_REMOVED, session=session, before=session)

    def _is_new_itself(self, session: SessionEntry) -> bool:
        kind, pk = self.new[session.id].place
        return kind == "day" or pk in self.old

    def _kept(self, was: _Lying, now: _Lying) -> Iterator[Difference]:
        found = [*self._moved(was, now), *_facts(was.session, now.session)]
        found += appearance_differences(was.session.appearances, now.session.appearances)
        for difference in found:
            if self._is_news(difference):
                yield replace(difference, session=now.session)

    def _moved(self, was: _Lying, now: _Lying) -> Iterator[Difference]:
        if now.session.id in self.moved:
            elsewhere = (was.day.id, was.session.start) != (now.day.id, now.session.start)
            sides = (was.day, was.session), (now.day, now.session)
            yield Difference(Code.SESSION_MOVED, notify=elsewhere, before=sides[0], after=sides[1])

    def _is_news(self, difference: Difference) -> bool:
        """Another name, or another house, of a person is said once a workshop."""
        if difference.code not in _ONCE or difference.after.speaker is None:
            return True
        key = (difference.code, difference.after.speaker.slug)
        is_news = key not in self.said
        self.said.add(key)
        return is_news


def _lying(workshop: WorkshopEntry) -> dict[int, _Lying]:
    """All sessions by id, in reading order."""
    found: dict[int, _Lying] = {}

    def add(day: DayEntry, sessions: Sequence[SessionEntry], place: Place) -> None:
        for session in sessions:
            found[session.id] = _Lying(day, session, place)
            add(day, session.parts, ("session", session.id))

    for day in workshop.days:
        add(day, day.sessions, ("day", day.id))
    return found


def _orders(lying: dict[int, _Lying]) -> dict[Place, list[int]]:
    orders: dict[Place, list[int]] = defaultdict(list)
    for pk, one in lying.items():
        orders[one.place].append(pk)
    return orders


def _facts(before: SessionEntry, after: SessionEntry) -> Iterator[Difference]:
    if before.title != after.title:
        yield Difference(Code.SESSION_RENAMED, before=before.title, after=after.title)
    if before.duration_minutes != after.duration_minutes:
        yield Difference(Code.SESSION_DURATION, before=before.duration_minutes, after=after.duration_minutes)
    if before.kind != after.kind:
        yield Difference(Code.SESSION_KIND, before=before.kind, after=after.kind)
    if before.everybody != after.everybody:
        yield Difference(Code.SESSION_EVERYBODY, before=before.everybody, after=after.everybody)
    if before.language_of_speech != after.language_of_speech:
        yield Difference(
            Code.SESSION_LANGUAGE, before=before.language_of_speech, after=after.language_of_speech
        )
    yield from changed_texts(before, after, _TEXTS)


class _Shifts:
    """Starts are derived, so one longer item moves all that follow: that is said once, where it begins."""

    def __init__(self, before: DayEntry, after: DayEntry, moved: set[int]) -> None:
        self.before, self.after = before, after
        self.old = {session.id: session for session in before.walk()}
        self.kept = [s for s in _outside(after.sessions, moved) if s.id in self.old]

    def found(self) -> dict[int, list[Difference]]:
        """By the id of the session from which on everything begins earlier or later."""
        if self.before.start is None or self.after.start is None:
            return {}
        runs: list[list[SessionEntry]] = []
        current: Shift = _NONE
        for session in self.kept:
            shift = self._shift(session)
            if shift != _NONE and shift == current:
                runs[-1].append(session)
            elif shift != _NONE:
                runs.append([session])
            current = shift
        return {run[0].id: [self._said(run)] for run in runs}

    def _shift(self, session: SessionEntry) -> Shift:
        """Compared with the opening of the day: when the day itself is moved, that says it all."""
        was = self.old[session.id].start
        if session.start is None:
            return _NONE if was is None else "open"
        if was is None:
            return "fixed"
        assert self.before.start is not None  # noqa: S101 (asked before)
        assert self.after.start is not None  # noqa: S101
        return (session.start - self.after.start) - (was - self.before.start)

    def _said(self, run: list[SessionEntry]) -> Difference:
        first = run[0]
        # A part is named by what it is part of, where that is shifted as a whole.
        last = next(session for session in run if run[-1] in session.walk())
        shift = self._shift(first)
        own = {session.id for session in first.walk()}
        if all(session.id in own for session in run):
            return Difference(Code.SESSION_RETIMED, notify=True, before=self.old[first.id], after=first)
        return Difference(
            Code.FOLLOWING_SHIFTED,
            notify=True,
            before=self.old[first.id],
            after=first,
            amount=self._minutes(shift),
            last=last if run[-1] is not self.kept[-1] else None,
        )

    def _minutes(self, shift: Shift) -> int:
        """None are counted where the day begins at another time: they would not be those between the times said."""
        opened = [[face.start_text for face in day.faces] for day in (self.before, self.after)]
        if not isinstance(shift, dt.timedelta) or opened[0] != opened[1]:
            return 0
        return int(shift.total_seconds() // 60)


def _outside(sessions: Sequence[SessionEntry], moved: set[int]) -> Iterator[SessionEntry]:
    """In reading order, without what was moved and its parts."""
    for session in sessions:
        if session.id not in moved:
            yield session
            yield from _outside(session.parts, moved)
