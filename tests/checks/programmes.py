"""Programmes and drafts as plain values, in order unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

from workshops.clocks import Zone, faces, instant
from workshops.domain.checks.check_programme import check_programme
from workshops.domain.checks.finding import Finding
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import Draft, DraftDay, DraftSession, DraftWorkshop, OverviewRow
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
from workshops.languages import Text

ZONES = (
    Zone("Europe/Berlin", "CET", {"de": "deutsche Zeit", "tr": "Almanya saati", "en": "German time"}),
    Zone("Europe/Istanbul", "TRT", {"de": "türkische Zeit", "tr": "Türkiye saati", "en": "Turkish time"}),
)
JUNE = dt.date(2020, 6, 15)
BEFORE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
EMPTY: Text = {"de": "", "tr": "", "en": ""}
_ids = itertools.count(1)


def text(words: str) -> Text:
    return {"de": f"{words} de", "tr": f"{words} tr", "en": f"{words} en"}


def house(slug: str, **values: Any) -> OrganisationEntry:
    return OrganisationEntry(**{"slug": slug, "kind": "city", "name": text(slug), **values})


def speaker(first: str, last: str, organisation: OrganisationEntry | None = None) -> SpeakerEntry:
    slug = f"{first}-{last}".lower()
    return SpeakerEntry(slug, "", first, last, text("Leitung"), EMPTY, organisation)


def appears(who: SpeakerEntry | None, **values: Any) -> AppearanceEntry:
    return AppearanceEntry(
        **{
            "role": "speaker",
            "status": "confirmed",
            "speaker": who,
            "organisation": who.organisation if who else None,
            **values,
        }
    )


def item(minutes: int | None = 60, *appearances: AppearanceEntry, **values: Any) -> SessionEntry:
    """Its start comes from the day it is put in."""
    number = next(_ids)
    defaults: dict[str, Any] = {
        "id": number,
        "number": str(number),
        "kind": "presentation",
        "title": text(f"Vortrag {number}"),
        "description": EMPTY,
        "guiding_questions": EMPTY,
        "duration_minutes": minutes,
        "everybody": False,
        "start": None,
        "end": None,
        "faces": (),
        "appearances": appearances,
    }
    return SessionEntry(**{**defaults, **values})


def day(*items: SessionEntry, opens: str | None = "10:00", closes: str = "12:00", **values: Any) -> DayEntry:
    date = values.pop("date", JUNE)
    start = _at(date, opens) if opens else None
    end = _at(date, closes) if opens else None
    clocks, legend = day_faces(start=start, end=end, date=date, zones=ZONES)
    defaults: dict[str, Any] = {
        "id": next(_ids),
        "title": EMPTY,
        "description": EMPTY,
        "results": EMPTY,
        "sessions": _laid(items, start, date),
    }
    return DayEntry(
        **{**defaults, "date": date, "start": start, "end": end, "faces": clocks, "legend": legend, **values}
    )


def _at(date: dt.date, time: str) -> dt.datetime:
    return instant(date=date, time=dt.time.fromisoformat(time), zone=ZONES[0].name)


def _laid(
    items: tuple[SessionEntry, ...], start: dt.datetime | None, date: dt.date
) -> tuple[SessionEntry, ...]:
    laid = []
    for entry in items:
        minutes = entry.duration_minutes
        end = start + dt.timedelta(minutes=minutes) if start and minutes else None
        clocks = faces(start=start, end=end, zones=ZONES, home_date=date)
        laid.append(replace(entry, start=start, end=end, faces=clocks, parts=_laid(entry.parts, start, date)))
        start = end
    return tuple(laid)


def workshop(*days: DayEntry, **values: Any) -> WorkshopEntry:
    number = next(_ids)
    defaults: dict[str, Any] = {
        "id": number,
        "slug": f"workshop-{number}",
        "kind": "workshop",
        "number": number,
        "title": text(f"Fachworkshop {number}"),
        "subtitle": EMPTY,
        "background": EMPTY,
        "goals": EMPTY,
        "format": EMPTY,
        "hosts": (),
        "platform": None,
        "interpreted_languages": ("de", "tr"),
        "capacity_active": 30,
        "capacity_listener": None,
        "admission": "open",
        "confirmation": "manual",
        "registration_opens_at": None,
        "registration_closes_at": None,
    }
    return WorkshopEntry(**{**defaults, **values, "days": days})


def in_order(**values: Any) -> WorkshopEntry:
    """A workshop nothing is wrong with."""
    return workshop(day(item(60), item(60)), **values)


def platform(**values: Any) -> PlatformEntry:
    return PlatformEntry(
        **{
            "name": "Kudo",
            "website": "https://kudo.example.org",
            "instructions": text("So geht es"),
            **values,
        }
    )


def programme(*workshops: WorkshopEntry, **values: Any) -> Programme:
    conference: dict[str, Any] = {
        "id": 1,
        "slug": "konferenz",
        "name": text("Konferenz"),
        "tagline": EMPTY,
        "description": EMPTY,
        "starts_on": JUNE,
        "ends_on": JUNE + dt.timedelta(days=3),
        "zones": ZONES,
        "contact_email": "hosts@example.org",
        "sender_name": text("Büro"),
        "imprint": EMPTY,
        "conciliation_body": EMPTY,
    }
    people = {person.slug: person for entry in workshops for person in entry.speakers}
    return Programme(ConferenceEntry(**{**conference, **values}), workshops, tuple(people.values()))


def findings(*workshops: WorkshopEntry, at: dt.datetime = BEFORE, **values: Any) -> list[Finding]:
    limits = values.pop("limits", None)
    return check_programme(programme=programme(*workshops, **values), at=at, limits=limits)


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.code) for finding in found]


# Drafts


def span(words: str) -> Span:
    start, _, end = words.partition("-")
    return Span(dt.time.fromisoformat(start), dt.time.fromisoformat(end) if end else None)


def times(home: str = "", partner: str = "") -> Times:
    return Times(span(home) if home else None, span(partner) if partner else None)


def draft(
    when: Times,
    *sessions: DraftSession,
    overview: Times | None = None,
    date: dt.date = JUNE,
    **row: Any,
) -> Draft:
    """One workshop on one day, on line 20; its row of the overview is line 5."""
    drafted = DraftWorkshop(
        line=19,
        number=1,
        title="Digitale Stadt",
        platform="Kudo",
        days=[DraftDay(date, 20, when, sessions=list(sessions))],
    )
    rows = []
    if overview is not None:
        values = {"number": 1, "title": "Digitale Stadt", "platform": "Kudo", "dates": (date,), **row}
        rows = [OverviewRow(line=5, times=overview, **values)]
    return Draft(title="Konferenz", overview=rows, workshops=[drafted])


def drafted(line: int, when: Times, minutes: int | None, **values: Any) -> DraftSession:
    return DraftSession(f"Vortrag {line}", line, when, minutes, **values)
