"""How values, rows and wanted things are called in a list of differences."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from workshops.clocks import WallClockError, Zone, faces, instant
from workshops.domain.import_programme.changes import Shown
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.wanted import Wanted
from workshops.languages import choose, text_of
from workshops.models import Appearance, Organisation, Session, Workshop, WorkshopDay
from workshops.unnamed import is_unnamed


def shown(value: Any) -> Shown:
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, bool | int) or value is None:
        return value
    return [str(item) for item in value] if isinstance(value, list) else str(value)


def hours(date: dt.date, opens: dt.time | None, closes: dt.time | None, zones: tuple[Zone, Zone]) -> Shown:
    """ "09:30–11:30 CET / 10:30–12:30 TRT"; on the home clock alone where that night has no such time."""
    if opens is None or closes is None:
        return None
    try:
        start, end = (instant(date=date, time=time, zone=zones[0].name) for time in (opens, closes))
    except WallClockError:
        return f"{opens:%H:%M}–{closes:%H:%M} {zones[0].label}"
    both = faces(start=start, end=end, zones=zones, home_date=date)
    return " / ".join(f"{face.start_text}–{face.end_text} {face.label}" for face in both)


class Names:
    """What rows are called in the draft's language, or in the next one they have a name in."""

    def __init__(self, rows: Rows, language: str) -> None:
        self.rows, self.language = rows, language
        self.days = {day.pk: day for days in rows.days.values() for day in days}
        self.workshops = {workshop.pk: workshop for workshop in rows.workshops}
        self.sessions = {session.pk: session for session in rows.all_sessions()}

    def text(self, row: Any, field: str = "title") -> str:
        return choose(text_of(row, field), self.language)[0]

    def workshop(self, row: Workshop) -> str:
        return f"{self.text(row)} ({row.number})" if row.number else self.text(row)

    def day(self, row: WorkshopDay) -> str:
        return f"{row.date:%d.%m.%Y}"

    def organisation(self, row: Organisation | None) -> str:
        return self.text(row, "name") if row is not None else ""

    def appearance(self, row: Appearance) -> str:
        speaker = self.rows.speakers.get(row.speaker_id) if row.speaker_id else None
        own = row.organisation_id or (speaker.organisation_id if speaker else None)
        organisation = self.rows.organisations.get(own) if own else None
        name = f"{speaker.first_name} {speaker.last_name}" if speaker else ""
        kind = organisation.kind if organisation else ""
        if is_unnamed(has_speaker=speaker is not None, organisation_kind=kind):
            name = "N.N."
        return ", ".join(part for part in (name, self.organisation(organisation)) if part)

    def owner_of_day(self, row: WorkshopDay) -> str:
        return self.workshop(self.workshops[row.workshop_id])

    def path_of_session(self, row: Session) -> str:
        day = self.days[row.day_id]
        names = [self.text(row)]
        parent = self.sessions.get(row.parent_id) if row.parent_id else None
        while parent is not None:
            names.append(self.text(parent))
            parent = self.sessions.get(parent.parent_id) if parent.parent_id else None
        return join([self.owner_of_day(day), self.day(day), *reversed(names)])


def join(names: list[str]) -> str:
    return " › ".join(name for name in names if name)


def path_of(item: Wanted) -> str:
    """Where a wanted thing is, in the draft's words."""
    names = [item.words]
    parent = item.parent
    while parent is not None:
        names.append(parent.words)
        parent = parent.parent
    return join(list(reversed(names)))


def detail_of(item: Wanted) -> str:
    """More of what is added: how long, who."""
    minutes = item.values.get("duration_minutes")
    parts = [_("%(minutes)d min") % {"minutes": minutes}] if minutes else []
    parts += [person.words for person in item.people]
    organisation = item.links.get("organisation") if item.what == "speaker" else None
    return " · ".join([*parts, *([organisation.words] if organisation else [])])
