"""What stands on a certificate: kept when it is issued, so that paper and page can be compared later."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from registration.models import Registration
from workshops.clocks import Face, LegendEntry, Zone
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import Programme, WorkshopEntry, day_faces
from workshops.domain.release import NothingReleasedError, released_programme
from workshops.languages import Text
from workshops.models import Conference


@dataclass(frozen=True, slots=True)
class CertifiedDay:
    date: dt.date
    faces: tuple[Face, ...]
    legend: tuple[LegendEntry, ...]


@dataclass(frozen=True, slots=True)
class Certified:
    """The facts as values. `minutes` is how long the event lasted; None where that was never announced."""

    name: str
    organisation: str
    conference: Text
    title: Text
    hosts: tuple[Text, ...]
    days: tuple[CertifiedDay, ...]
    minutes: int | None
    issued_on: dt.date

    @property
    def legend(self) -> tuple[LegendEntry, ...]:
        """What the clocks mean, where that is the same on all days."""
        legends = [day.legend for day in self.days]
        return legends[0] if legends and all(legend == legends[0] for legend in legends) else ()

    @property
    def duration(self) -> str:
        """Hours and minutes, as clocks write them: "6:30"."""
        return "" if self.minutes is None else f"{self.minutes // 60}:{self.minutes % 60:02}"


def event_of(*, conference: Conference, workshop_id: int) -> tuple[Programme, WorkshopEntry]:
    """As the newest release has it; as it stands in the database where it was never released."""
    try:
        programme = released_programme()
        if programme.conference.id == conference.pk:
            return programme, next(entry for entry in programme.workshops if entry.id == workshop_id)
    except (NothingReleasedError, StopIteration):
        pass
    programme = build_programme(conference=conference)
    return programme, next(entry for entry in programme.workshops if entry.id == workshop_id)


def facts_of(
    *, registration: Registration, programme: Programme, event: WorkshopEntry, at: dt.datetime
) -> dict[str, Any]:
    """Plain values, ready for JSON."""
    zones = programme.conference.zones
    return {
        "name": registration.participant.full_name,
        "organisation": registration.participant.organisation,
        "conference": programme.conference.name,
        "title": event.title,
        "hosts": [host.name for host in event.hosts],
        "zones": [{"name": zone.name, "label": zone.label, "meaning": zone.meaning} for zone in zones],
        "days": [
            {"date": day.date.isoformat(), "start": _iso(day.start), "end": _iso(day.end)}
            for day in event.days
        ],
        "issued_on": at.astimezone(ZoneInfo(zones[0].name)).date().isoformat(),
    }


def certified(*, facts: dict[str, Any]) -> Certified:
    zones = tuple(Zone(zone["name"], zone["label"], zone["meaning"]) for zone in facts["zones"])
    spans = [(_moment(day["start"]), _moment(day["end"])) for day in facts["days"]]
    days = [
        CertifiedDay(date, *day_faces(start=start, end=end, date=date, zones=zones))
        for date, (start, end) in zip(_dates(facts), spans, strict=True)
    ]
    return Certified(
        name=facts["name"],
        organisation=facts["organisation"],
        conference=facts["conference"],
        title=facts["title"],
        hosts=tuple(facts["hosts"]),
        days=tuple(days),
        minutes=_minutes(spans),
        issued_on=dt.date.fromisoformat(facts["issued_on"]),
    )


def _dates(facts: dict[str, Any]) -> list[dt.date]:
    return [dt.date.fromisoformat(day["date"]) for day in facts["days"]]


def _minutes(spans: list[tuple[dt.datetime | None, dt.datetime | None]]) -> int | None:
    lengths = [(end - start).total_seconds() / 60 for start, end in spans if start and end]
    return round(sum(lengths)) if lengths and len(lengths) == len(spans) else None


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
