"""A programme as JSON and back. Only what cannot be derived is kept: clocks and legends are computed when read."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from workshops.clocks import Zone, faces
from workshops.domain.programme import (
    AppearanceEntry,
    ConferenceEntry,
    DayEntry,
    OrganisationEntry,
    PlatformEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
    day_faces,
)

_DATES = ("starts_on", "ends_on", "statement_written_on", "statement_reviewed_on")
# Material is no part of a release: it is laid upon the sessions when they are shown.
DERIVED = {"faces", "legend", "release_number", "released_at", "material", "has_more_material"}


def to_snapshot(programme: Programme) -> dict[str, Any]:
    """JSON-serialisable; speakers and organisations are kept once and named by their slugs elsewhere."""
    data: dict[str, Any] = _plain(asdict(programme))
    organisations: dict[str, Any] = {}
    for speaker in data["speakers"]:
        speaker["organisation"] = _by_slug(speaker["organisation"], organisations)
    for workshop in data["workshops"]:
        workshop["hosts"] = [_by_slug(host, organisations) for host in workshop["hosts"]]
        for day in workshop["days"]:
            for session in day["sessions"]:
                _thin(session, organisations)
    data["organisations"] = organisations
    return data


def _thin(session: dict[str, Any], organisations: dict[str, Any]) -> None:
    for appearance in session["appearances"]:
        appearance["organisation"] = _by_slug(appearance["organisation"], organisations)
        appearance["speaker"] = appearance["speaker"] and appearance["speaker"]["slug"]
    for part in session["parts"]:
        _thin(part, organisations)


def _by_slug(entry: dict[str, Any] | None, kept: dict[str, Any]) -> str | None:
    if entry is None:
        return None
    kept[entry["slug"]] = entry
    return str(entry["slug"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in DERIVED}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def from_snapshot(data: dict[str, Any]) -> Programme:
    """The programme of a release, complete with its clocks."""
    return _Reader(data).programme()


class _Reader:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.organisations = {
            slug: OrganisationEntry(**entry) for slug, entry in data["organisations"].items()
        }
        self.speakers = {entry["slug"]: self._speaker(entry) for entry in data["speakers"]}
        self.zones = tuple(Zone(**zone) for zone in data["conference"]["zones"])

    def programme(self) -> Programme:
        conference = self.data["conference"]
        dates = {key: dt.date.fromisoformat(conference[key]) for key in _DATES if conference.get(key)}
        return Programme(
            conference=ConferenceEntry(**{**conference, **dates, "zones": self.zones}),
            workshops=tuple(self._workshop(workshop) for workshop in self.data["workshops"]),
            speakers=tuple(self.speakers.values()),
        )

    def _speaker(self, entry: dict[str, Any]) -> SpeakerEntry:
        return SpeakerEntry(**{**entry, "organisation": self.organisations.get(entry["organisation"])})

    def _workshop(self, entry: dict[str, Any]) -> WorkshopEntry:
        return WorkshopEntry(
            **{
                **entry,
                "hosts": tuple(self.organisations[slug] for slug in entry["hosts"]),
                "platform": PlatformEntry(**entry["platform"]) if entry["platform"] else None,
                "interpreted_languages": tuple(entry["interpreted_languages"]),
                "registration_opens_at": _moment(entry["registration_opens_at"]),
                "registration_closes_at": _moment(entry["registration_closes_at"]),
                "days": tuple(self._day(day) for day in entry["days"]),
            }
        )

    def _day(self, entry: dict[str, Any]) -> DayEntry:
        date, start, end = (
            dt.date.fromisoformat(entry["date"]),
            _moment(entry["start"]),
            _moment(entry["end"]),
        )
        clocks, legend = day_faces(start=start, end=end, date=date, zones=self.zones)
        return DayEntry(
            **{
                **entry,
                "date": date,
                "start": start,
                "end": end,
                "faces": clocks,
                "legend": legend,
                "sessions": tuple(self._session(session, date) for session in entry["sessions"]),
            }
        )

    def _session(self, entry: dict[str, Any], date: dt.date) -> SessionEntry:
        start, end = _moment(entry["start"]), _moment(entry["end"])
        return SessionEntry(
            **{
                **entry,
                "start": start,
                "end": end,
                "faces": faces(start=start, end=end, zones=self.zones, home_date=date),
                "appearances": tuple(self._appearance(appearance) for appearance in entry["appearances"]),
                "parts": tuple(self._session(part, date) for part in entry["parts"]),
            }
        )

    def _appearance(self, entry: dict[str, Any]) -> AppearanceEntry:
        return AppearanceEntry(
            role=entry["role"],
            status=entry["status"],
            speaker=self.speakers.get(entry["speaker"]),
            organisation=self.organisations.get(entry["organisation"]),
        )


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
