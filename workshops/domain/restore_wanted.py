"""The rows of a programme as a version of it has them: what changes, what comes back, what goes, what is new."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from workshops.domain.checks.finding import in_each_language
from workshops.domain.import_programme.record import values_of
from workshops.domain.import_programme.rows import Rows, read_rows
from workshops.domain.import_programme.take_back import Entry, Left
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    Programme,
    SessionEntry,
    WorkshopEntry,
)
from workshops.domain.restore_named import Named, copy_of, write_addresses, write_text
from workshops.models import (
    Appearance,
    Conference,
    Membership,
    Session,
    Workshop,
    WorkshopDay,
    WorkshopHost,
)

_CONFERENCE_TEXTS = (
    "name",
    "tagline",
    "description",
    "sender_name",
    "imprint",
    "conciliation_name",
    "conciliation_body",
    "accessibility_limits",
    "easy_language",
)
_STATEMENT = ("conciliation_website", "statement_written_on", "statement_reviewed_on")
_WORKSHOP_TEXTS = ("title", "subtitle", "background", "goals", "format")
_WORKSHOP_FACTS = (
    "slug",
    "kind",
    "number",
    "capacity_active",
    "capacity_listener",
    "admission",
    "confirmation",
    "registration_opens_at",
    "registration_closes_at",
)
_CAPACITIES = (("capacity_active", "taken_active"), ("capacity_listener", "taken_listener"))


@dataclass(slots=True)
class Plan:
    """`entries` are rows with keys, to be changed, to come back or to go; `new` get keys; `left` cannot be had."""

    entries: list[Entry] = field(default_factory=list)
    new: list[Model] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def plan(*, conference: Conference, programme: Programme) -> Plan:
    """What of the conference's rows differs from a version; nothing is written. Organisations, people and platforms
    that it names are there (see `make_what_is_gone`); those it does not name stay as they are.
    """
    return _Planner(read_rows(conference=conference), conference, programme).plan()


class _Planner:
    def __init__(self, rows: Rows, conference: Conference, programme: Programme) -> None:
        self.rows, self.conference, self.programme = rows, conference, programme
        self.home = ZoneInfo(programme.conference.zones[0].name)
        self.done = Plan()
        self.named = Named(rows, conference, programme)
        self.platforms, self.organisations = self.named.there_platforms, self.named.there_organisations
        self.speakers = self.named.there_speakers
        self.workshops = {row.pk: row for row in rows.workshops}
        self.days = {row.pk: row for days in rows.days.values() for row in days}
        self.sessions = {row.pk: row for row in rows.all_sessions()}
        self.teams: dict[int | None, list[Membership]] = defaultdict(list)
        for membership in Membership.objects.filter(workshop__conference=conference):
            self.teams[membership.workshop_id].append(membership)

    def plan(self) -> Plan:
        self.shared()
        self.in_order(self.programme.workshops, self.workshops, self.workshop)
        self.surplus(self.workshops.values(), {w.id for w in self.programme.workshops})
        days = {day.id for workshop in self.programme.workshops for day in workshop.days}
        self.surplus(self.days.values(), days)
        sessions = {
            session.id
            for workshop in self.programme.workshops
            for day in workshop.days
            for session in day.walk()
        }
        self.surplus(self.sessions.values(), sessions)
        return self.done

    def wants(self, there: Model | None, row: Any) -> None:
        before, after = values_of(row), values_of(there) if there is not None else None
        if before != after:
            self.done.entries.append(Entry(type(row), row.pk, before, after))

    def surplus(self, rows: Iterable[Model], wanted: set[int]) -> None:
        """What the version does not have goes, with what lies in it and is named by no other way."""
        for row in rows:
            if row.pk not in wanted:
                self.goes(row)
                for below in self.below(row):
                    self.goes(below)

    def goes(self, row: Model) -> None:
        self.done.entries.append(Entry(type(row), int(row.pk), None, values_of(row)))

    def below(self, row: Model) -> Iterator[Model]:
        if isinstance(row, Workshop):
            yield from self.rows.hosts.get(row.pk, ())
            yield from self.teams.get(row.pk, ())
        elif isinstance(row, Session):
            yield from self.rows.appearances.get(row.pk, ())

    # What workshops share

    def shared(self) -> None:
        self.wants(_fresh(self.conference), self.conference_row(_fresh(self.conference)))
        for there, row in [*self.named.platforms_and_organisations(), *self.named.people()]:
            self.wants(there, row)

    def conference_row(self, row: Conference) -> Conference:
        entry = self.programme.conference
        home, partner = entry.zones
        row.starts_on, row.ends_on, row.contact_email = entry.starts_on, entry.ends_on, entry.contact_email
        row.home_zone, row.home_label = home.name, home.label
        row.partner_zone, row.partner_label = partner.name, partner.label
        write_text(row, "home_zone_name", home.meaning)
        write_text(row, "partner_zone_name", partner.meaning)
        for name in _CONFERENCE_TEXTS:
            write_text(row, name, getattr(entry, name))
        for name in _STATEMENT:
            setattr(row, name, getattr(entry, name))
        write_addresses(row, "sign_video", entry.sign_video)
        return row

    # The programme

    def in_order(self, entries: Sequence[Any], rows: dict[int, Any], each: Any) -> None:
        """Numbered anew only where the rows do not lie in that order already."""
        there = [rows[entry.id] for entry in entries if entry.id in rows]
        keys = [(row.position, row.pk) for row in there]
        keep = len(there) == len(entries) and keys == sorted(keys)
        for position, entry in enumerate(entries, 1):
            each(entry, rows[entry.id].position if keep else position)

    def workshop(self, entry: WorkshopEntry, position: int) -> None:
        there = self.workshops.get(entry.id)
        row = copy_of(there) or Workshop(pk=entry.id, conference=self.conference)
        row.position = position
        for name in _WORKSHOP_FACTS:
            setattr(row, name, getattr(entry, name))
        row.interpreted_languages = list(entry.interpreted_languages)
        row.platform = self.platforms[entry.platform.name] if entry.platform else None
        for name in _WORKSHOP_TEXTS:
            write_text(row, name, getattr(entry, name))
        write_addresses(row, "sign_video", entry.sign_video)
        if there is not None:
            self.keep_places(there, row)
        self.wants(there, row)
        self.hosts(entry)
        for day in entry.days:
            self.day(entry, day)

    def keep_places(self, there: Workshop, row: Workshop) -> None:
        """A limit below the places that are taken by now cannot be had."""
        for limit, taken in _CAPACITIES:
            wanted = getattr(row, limit)
            if wanted is not None and wanted < getattr(there, taken):
                setattr(row, limit, getattr(there, limit))
                self.done.left.append(
                    Left(in_each_language(partial(str, there)), in_each_language(_too_many_taken))
                )

    def hosts(self, entry: WorkshopEntry) -> None:
        there = {row.organisation_id: row for row in self.rows.hosts.get(entry.id, ())}
        wanted = [self.organisations[host.slug] for host in entry.hosts]
        keep = list(there) == [organisation.pk for organisation in wanted]
        for position, organisation in enumerate([] if keep else wanted, 1):
            row = copy_of(there.get(organisation.pk)) or WorkshopHost(
                workshop_id=entry.id, organisation_id=organisation.pk
            )
            row.position = position
            self.wants_or_new(there.get(organisation.pk), row)
        for pk in set(there) - {organisation.pk for organisation in wanted}:
            self.goes(there[pk])

    def wants_or_new(self, there: Model | None, row: Model) -> None:
        if there is None:
            self.done.new.append(row)
        else:
            self.wants(there, row)

    def day(self, workshop: WorkshopEntry, entry: DayEntry) -> None:
        there = self.days.get(entry.id)
        row = copy_of(there) or WorkshopDay(pk=entry.id)
        row.workshop_id, row.date = workshop.id, entry.date
        row.opens, row.closes = self.time(entry.start), self.time(entry.end)
        for name in ("title", "description", "results"):
            write_text(row, name, getattr(entry, name))
        self.wants(there, row)
        self.agenda(entry, entry.sessions, None)

    def time(self, moment: dt.datetime | None) -> dt.time | None:
        return moment.astimezone(self.home).time() if moment is not None else None

    def agenda(self, day: DayEntry, entries: Sequence[SessionEntry], parent: int | None) -> None:
        self.in_order(
            entries, self.sessions, lambda entry, position: self.session(day, entry, position, parent)
        )

    def session(self, day: DayEntry, entry: SessionEntry, position: int, parent: int | None) -> None:
        there = self.sessions.get(entry.id)
        row = copy_of(there) or Session(pk=entry.id)
        row.day_id, row.parent_id, row.position = day.id, parent, position
        row.kind, row.everybody = entry.kind, entry.everybody
        row.language_of_speech = entry.language_of_speech
        row.duration_minutes = _stored_duration(there, entry)
        for name in ("title", "description", "guiding_questions"):
            write_text(row, name, getattr(entry, name))
        self.wants(there, row)
        self.appearances(entry)
        self.agenda(day, entry.parts, entry.id)

    def appearances(self, entry: SessionEntry) -> None:
        left = list(self.rows.appearances.get(entry.id, ()))
        rows = [self.appearance(entry, appearance, left) for appearance in entry.appearances]
        keys = [(there.position, there.pk) for there, _row in rows if there is not None]
        keep = len(keys) == len(rows) and keys == sorted(keys)
        for position, (there, row) in enumerate(rows, 1):
            row.position = there.position if keep and there is not None else position
            self.wants_or_new(there, row)
        for row in left:
            self.goes(row)

    def appearance(
        self, session: SessionEntry, entry: AppearanceEntry, left: list[Appearance]
    ) -> tuple[Appearance | None, Appearance]:
        """An organisation is named only where it is not the speaker's own."""
        speaker = self.speakers[entry.speaker.slug] if entry.speaker else None
        own = entry.speaker.organisation if entry.speaker else None
        house = self.organisations[entry.organisation.slug] if entry.organisation else None
        who = (speaker.pk if speaker else None, house.pk if house and entry.organisation != own else None)
        there = next(
            (row for row in left if (row.speaker_id, row.organisation_id, row.role) == (*who, entry.role)),
            None,
        )
        if there is not None:
            left.remove(there)
        row = copy_of(there) or Appearance(session_id=session.id)
        row.speaker_id, row.organisation_id = who
        row.role, row.status = entry.role, entry.status
        return there, row


def _stored_duration(there: Session | None, entry: SessionEntry) -> int | None:
    """A version does not tell a length that follows from the parts from one that was given."""
    lengths = [part.duration_minutes for part in entry.parts]
    follows = bool(lengths) and None not in lengths and entry.duration_minutes == sum(filter(None, lengths))
    if follows and (there is None or there.duration_minutes is None):
        return None
    return entry.duration_minutes


def _too_many_taken() -> str:
    return _("More places are taken by now than it had then.")


def _fresh(row: Conference) -> Conference:
    return Conference.objects.get(pk=row.pk)
