"""The programme for machines: `/programme.json`, in a fixed shape that others rely on."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from workshops.clocks import Face, Zone
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    OrganisationEntry,
    Programme,
    SessionEntry,
    WorkshopEntry,
)
from workshops.languages import choose

Json = dict[str, Any]


def programme_json(*, programme: Programme, language: str = "de") -> Json:
    """JSON-serialisable. Titles come in all languages, names of organisations and roles in `language`."""
    return _Export(programme, language).data()


class _Export:
    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self.zones = programme.conference.zones
        self.home = ZoneInfo(self.zones[0].name)

    def data(self) -> Json:
        released = self.programme.released_at
        return {
            "conference": self.conference(),
            "release": {
                "number": self.programme.release_number,
                "date": released.astimezone(self.home).date().isoformat() if released else None,
            },
            "workshops": [self.workshop(workshop) for workshop in self.programme.workshops],
        }

    def conference(self) -> Json:
        conference = self.programme.conference
        return {
            "slug": conference.slug,
            "name": conference.name,
            "tagline": conference.tagline,
            "starts_on": conference.starts_on.isoformat(),
            "ends_on": conference.ends_on.isoformat(),
            "zones": [
                {"zone": zone.name, "label": zone.label, "meaning": zone.meaning} for zone in self.zones
            ],
        }

    def workshop(self, workshop: WorkshopEntry) -> Json:
        return {
            "slug": workshop.slug,
            "number": workshop.number,
            "kind": workshop.kind,
            "title": workshop.title,
            "platform": workshop.platform.name if workshop.platform else None,
            "hosts": [self.organisation(host) for host in workshop.hosts],
            "capacity_active": workshop.capacity_active,
            "days": [self.day(day) for day in workshop.days],
        }

    def day(self, day: DayEntry) -> Json:
        return {
            "date": day.date.isoformat(),
            "start": self.moment(day.start),
            "end": self.moment(day.end),
            "clocks": self.clocks(day.faces),
            "sessions": [self.session(session) for session in day.sessions],
        }

    def session(self, session: SessionEntry) -> Json:
        return {
            "id": session.id,
            "start": self.moment(session.start),
            "end": self.moment(session.end),
            "clocks": self.clocks(session.faces),
            "duration_minutes": session.duration_minutes,
            "kind": session.kind,
            "title": session.title,
            "appearances": [self.appearance(appearance) for appearance in session.appearances],
            "parts": [self.session(part) for part in session.parts],
        }

    def appearance(self, appearance: AppearanceEntry) -> Json:
        return {
            "name": appearance.speaker.full_name if appearance.speaker else None,
            "organisation": self.organisation(appearance.organisation),
            "role": appearance.role,
            "status": appearance.status,
        }

    def organisation(self, organisation: OrganisationEntry | None) -> str | None:
        return choose(organisation.name, self.language)[0] if organisation else None

    def moment(self, value: dt.datetime | None) -> str | None:
        return value.astimezone(self.home).isoformat() if value else None

    def clocks(self, shown: tuple[Face, ...]) -> list[Json]:
        """One object a zone; while the time is to be announced, its label is known and its times are null."""
        if not shown:
            return [_face(zone, None) for zone in self.zones]
        return [_face(zone, face) for zone, face in zip(self.zones, shown, strict=True)]


def _face(zone: Zone, face: Face | None) -> Json:
    return {
        "zone": zone.name,
        "label": zone.label,
        "start": face.start_text if face else None,
        "end": (face.end_text or None) if face else None,
        "day_offset": face.day_offset if face else 0,
    }
