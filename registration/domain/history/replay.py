"""When sessions moved, and why: today's agenda taken back entry by entry.

A session stores its order and its duration; when it begins follows from what comes before it. So one that nobody has
touched may move, and no entry about it says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.dateparse import parse_date, parse_time

from registration.domain.history.entries import CREATE, DELETE, UPDATE, Entry
from registration.domain.history.lay_out import Agenda, Day, Item, lay_out

SESSION, DAY = "workshops.session", "workshops.workshopday"
# A column of a session, and what it is called in an agenda.
_COLUMNS = {"day": "day", "parent": "parent", "position": "position", "duration_minutes": "minutes"}


@dataclass(frozen=True, slots=True)
class Move:
    """One session in one act. `before` and `after` are the agendas of its day; they differ in its start, or its day."""

    session: int
    before: Agenda
    after: Agenda

    @property
    def starts(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        return self.before.starts[self.session], self.after.starts[self.session]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one act did to agendas: who moved, and the days it touched as they stood after it."""

    moves: tuple[Move, ...] = ()
    after: Mapping[int, Agenda] = field(default_factory=dict)

    def agenda_with(self, session: int) -> Agenda | None:
        return next((agenda for agenda in self.after.values() if session in agenda.starts), None)


@dataclass(slots=True)
class State:
    """Days and sessions as they stood at one time."""

    days: dict[int, Day] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)

    def agendas(self, days: Iterable[int], zone: str) -> dict[int, Agenda]:
        wanted = {pk for pk in days if pk in self.days}
        items: dict[int, list[Item]] = {pk: [] for pk in wanted}
        for item in self.items.values():
            if item.day in wanted:
                items[item.day].append(item)
        return {pk: lay_out(day=self.days[pk], items=items[pk], zone=zone) for pk in wanted}


def replay(*, now: State, acts: Iterable[list[Entry]], zone: str) -> Iterator[Replayed]:
    """For each act, the newest first. `now` is taken back to the beginning on the way."""
    for entries in acts:
        agenda = [entry for entry in entries if entry.label in {SESSION, DAY} and entry.action <= DELETE]
        if not agenda:
            yield Replayed()
            continue
        for entry in agenda:
            _make_sure(now, entry)
        touched = _days_touched(now, agenda)
        after = now.agendas(touched, zone)
        for entry in reversed(agenda):
            _take_back(now, entry)
        before = now.agendas(touched, zone)
        yield Replayed(tuple(_moves(before, after)), after)


def _moves(before: Mapping[int, Agenda], after: Mapping[int, Agenda]) -> Iterator[Move]:
    was = {pk: day for day, agenda in before.items() for pk in agenda.starts}
    for agenda in after.values():
        for pk, start in agenda.starts.items():
            then = before.get(was.get(pk, 0))
            # Also to another date while neither has a time yet.
            if then and (then.starts[pk], then.day.date) != (start, agenda.day.date):
                yield Move(pk, then, agenda)


def _days_touched(state: State, entries: Iterable[Entry]) -> set[int]:
    found: set[Any] = set()
    for entry in entries:
        if entry.label == DAY:
            found.add(entry.row)
        else:
            found |= {entry.before("day"), entry.after("day"), entry.data.get("day")}
            if (item := state.items.get(entry.row)) is not None:
                found.add(item.day)
    return found - {None}


# One entry


def _make_sure(state: State, entry: Entry) -> None:
    """What the entry says stood there after it; something else only if a change since was not recorded."""
    if entry.action == DELETE:
        return
    values = {name: after for name, (_before, after) in entry.changes.items()}
    if entry.action == CREATE or _is_there(state, entry):
        _write(state, entry, values)


def _take_back(state: State, entry: Entry) -> None:
    if entry.action == CREATE:
        (state.days if entry.label == DAY else state.items).pop(entry.row, None)
    elif entry.action == DELETE or (entry.action == UPDATE and _is_there(state, entry)):
        _write(state, entry, {name: before for name, (before, _after) in entry.changes.items()})


def _is_there(state: State, entry: Entry) -> bool:
    return entry.row in (state.days if entry.label == DAY else state.items)


def _write(state: State, entry: Entry, values: Mapping[str, Any]) -> None:
    if entry.label == DAY:
        _write_day(state, entry.row, values)
    else:
        _write_item(state, entry.row, values)


def _write_item(state: State, pk: int, values: Mapping[str, Any]) -> None:
    known = {_COLUMNS[name]: value for name, value in values.items() if name in _COLUMNS}
    item = state.items.get(pk)
    if item is not None:
        state.items[pk] = replace(item, **known)
    elif known.get("day") is not None:
        state.items[pk] = Item(pk=pk, **known)


def _write_day(state: State, pk: int, values: Mapping[str, Any]) -> None:
    known: dict[str, Any] = {}
    if values.get("date"):
        known["date"] = parse_date(str(values["date"]))
    if "opens" in values:
        known["opens"] = parse_time(str(values["opens"])) if values["opens"] else None
    day = state.days.get(pk)
    if day is not None:
        state.days[pk] = replace(day, **known)
    elif known.get("date") is not None:
        state.days[pk] = Day(pk=pk, **known)
