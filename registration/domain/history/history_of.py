"""The history of one object: what was done to it and to what belongs to it, and when it moved without that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model, Q, QuerySet

from registration.domain.history.entries import CREATE, DELETE, Entry, act_of, entry_of, folded, pairs_of
from registration.domain.history.lay_out import Day, Item
from registration.domain.history.moves import began_text, move_sentences, moved_as_well
from registration.domain.history.names import Names
from registration.domain.history.replay import SESSION, Move, Replayed, State, replay
from registration.domain.history.sentences import kind_of, sentences, subject_of, way_of
from registration.domain.history.values import Reader, field_of
from registration.domain.history.why import reasons
from registration.models import Attendance, Certificate, Invitation, Participant, Registration
from workshops.clocks import Zone
from workshops.models import Appearance, Conference, Material, Session, Workshop, WorkshopDay, WorkshopHost

# On the page of an object also what belongs to it, by what an entry keeps of where it belongs.
BELONGING: dict[type[Model], tuple[tuple[type[Model], str], ...]] = {
    Workshop: ((WorkshopHost, "workshop"), (WorkshopDay, "workshop")),
    WorkshopDay: ((Session, "day"),),
    Session: ((Appearance, "session"), (Material, "session")),
    Participant: ((Registration, "participant"), (Invitation, "participant")),
    Registration: ((Attendance, "registration"), (Certificate, "registration")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence's worth about one row; `about` is empty for the object itself."""

    about: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One act: when, who, by what (an import, a command), and what it did."""

    at: dt.datetime
    who: str
    way: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One act, not yet in words: its entries about the object and what belongs to it, and who moved."""

    first: Entry
    entries: tuple[Entry, ...]
    replayed: Replayed = field(default_factory=Replayed)
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class _Act:
    """`first` is the entry that tells when and by whom; `own` are those about the object."""

    first: int
    own: tuple[int, ...]
    replayed: Replayed = field(default_factory=Replayed)
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The acts of an object, the newest first. A page of them is read when it is asked for, with one query."""

    acts: Sequence[_Act]

    def __len__(self) -> int:
        return len(self.acts)

    def __getitem__(self, part: slice) -> list[Deed]:
        wanted = self.acts[part]
        keys = {pk for act in wanted for pk in (act.first, *act.own)}
        rows = LogEntry.objects.filter(pk__in=keys).select_related("content_type", "actor")
        read = {row.pk: entry_of(row) for row in rows}
        return [deed for act in wanted if (deed := _deed(act, read))]


def _deed(act: _Act, read: Mapping[int, Entry]) -> Deed | None:
    """None where all its entries were deleted since the acts were listed: what is old, or a person's, is purged."""
    left = [read[pk] for pk in (act.first, *act.own) if pk in read]
    own = folded(read[pk] for pk in act.own if pk in read)
    return Deed(left[0], tuple(own), act.replayed, act.moves) if left else None


def history_of(*, row: Model, visible: Q | None = None) -> History:
    """`visible` limits what belongs to the row; the row itself its reader may see."""
    own = _about(row)
    found = LogEntry.objects.filter(own | _belonging(row) & (Q() if visible is None else visible))
    if isinstance(row, Session | WorkshopDay):
        return History(list(_with_moves(row, found)))
    return History([_Act(keys[0], keys) for keys in _by_act(found).values()])


def _about(row: Model) -> Q:
    kind = ContentType.objects.get_for_model(row)
    return Q(content_type=kind, object_pk=str(row.pk))


def _belonging(row: Model) -> Q:
    found = Q(pk__in=[])
    for model, name in BELONGING.get(type(row), ()):
        kind = ContentType.objects.get_for_model(model)
        found |= Q(**{"content_type": kind, f"additional_data__{name}": row.pk})
    return found


def _by_act(rows: QuerySet[LogEntry]) -> dict[str, tuple[int, ...]]:
    """The keys of the entries of each act, in the order in which they were written; the newest act first."""
    acts: dict[str, tuple[int, ...]] = {}
    for pk, cid in rows.order_by("-pk").values_list("pk", "cid"):
        act = act_of(pk, cid)
        acts[act] = (pk, *acts.get(act, ()))
    return acts


# Agendas


def _with_moves(row: Session | WorkshopDay, found: QuerySet[LogEntry]) -> Iterator[_Act]:
    conference = (row if isinstance(row, WorkshopDay) else row.day).workshop.conference
    own, agendas = _by_act(found), _of_agendas(conference)
    order = sorted(own.keys() | agendas.keys(), key=lambda act: _newest(act, own, agendas), reverse=True)
    acts = [agendas.get(act, []) for act in order]
    replayed = replay(now=_state(conference), acts=acts, zone=conference.home_zone)
    for act, entries, result in zip(order, acts, replayed, strict=True):
        moves = tuple(move for move in result.moves if _is_of(move, row))
        if act in own or moves:
            first = own[act][0] if act in own else entries[0].pk
            yield _Act(first, own.get(act, ()), result, moves)


def _newest(act: str, own: Mapping[str, tuple[int, ...]], agendas: Mapping[str, list[Entry]]) -> int:
    return max([*own.get(act, ()), *(entry.pk for entry in agendas.get(act, []))])


def _is_of(move: Move, row: Session | WorkshopDay) -> bool:
    """Of a day all that move on it, unless the day itself was moved: then they all do."""
    if isinstance(row, Session):
        return move.session == row.pk
    return row.pk in {move.before.key, move.after.key} and not _only_follows_the_day(move)


def _only_follows_the_day(move: Move) -> bool:
    return move.before.key == move.after.key and not any(reason.session for reason in reasons(move))


def _of_agendas(conference: Conference) -> dict[str, list[Entry]]:
    """What was done to days and sessions, by act; not by whom, nor when: there may be many."""
    kinds = ContentType.objects.get_for_models(Session, WorkshopDay)
    labels = {kind.pk: model._meta.label_lower for model, kind in kinds.items()}
    rows = LogEntry.objects.filter(
        content_type__in=list(labels), action__lte=DELETE, additional_data__conference=conference.pk
    )
    acts: dict[str, list[Entry]] = {}
    columns = ("pk", "cid", "content_type", "object_id", "action", "changes", "additional_data")
    for pk, cid, kind, key, action, changes, data in rows.order_by("pk").values_list(*columns):
        act = act_of(pk, cid)
        entry = Entry(pk, labels[kind], key, action, act=act, changes=pairs_of(changes), data=data or {})
        acts.setdefault(act, []).append(entry)
    return acts


def _state(conference: Conference) -> State:
    days = WorkshopDay.objects.filter(workshop__conference=conference)
    items = Session.objects.filter(day__workshop__conference=conference)
    return State(
        days={pk: Day(date, opens, pk) for pk, date, opens in days.values_list("pk", "date", "opens")},
        items={
            item[0]: Item(*item)
            for item in items.values_list("pk", "day_id", "parent_id", "position", "duration_minutes")
        },
    )


# In words


def lines_of(*, deeds: Sequence[Deed], row: Model, zones: tuple[Zone, ...]) -> list[Line]:
    """The deeds of one page, with as many queries for one as for all."""
    reader = Reader(Names(_wanted(deeds)), zones)
    key = (row._meta.label_lower, str(row.pk))
    return [_line(deed, key, reader) for deed in deeds]


def _line(deed: Deed, key: tuple[str, str], reader: Reader) -> Line:
    told = [_of_entry(deed, entry, key, reader) for entry in deed.entries]
    if key[0] == SESSION:
        told += [Told("", tuple(move_sentences(move, reader))) for move in deed.moves]
    else:
        told += [Told("", (moved_as_well(move, reader),)) for move in deed.moves]
    first = deed.first
    return Line(first.at, first.who, way_of(first), tuple(each for each in told if each.sentences))


def _of_entry(deed: Deed, entry: Entry, key: tuple[str, str], reader: Reader) -> Told:
    found = sentences(entry, reader)
    agenda = deed.replayed.agenda_with(entry.row) if entry.key[0] == SESSION else None
    if entry.action == CREATE and agenda is not None:
        found.append(began_text(agenda.starts[entry.row], agenda.day.date, reader.zones))
    if entry.key == key:
        return Told("", tuple(found))
    return Told(f"{kind_of(entry)}: {subject_of(entry, reader)}", tuple(found))


def wanted_of(entry: Entry) -> Iterator[tuple[str, Any]]:
    """The rows whose names it takes to say an entry."""
    yield entry.label, entry.row
    if entry.action in {CREATE, DELETE}:
        return
    for name, pair in entry.changes.items():
        found = field_of(entry.label, name)
        if isinstance(found, ForeignKey):
            yield from ((found.related_model._meta.label_lower, value) for value in pair)


def _wanted(deeds: Iterable[Deed]) -> Iterator[tuple[str, Any]]:
    for deed in deeds:
        for entry in deed.entries:
            yield from wanted_of(entry)
        for move in deed.moves:
            yield SESSION, move.session
            yield from ((SESSION, reason.session) for reason in reasons(move) if reason.session)
