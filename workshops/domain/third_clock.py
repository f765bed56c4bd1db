"""A third clock, for readers who are at home on neither of the conference's two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, available_timezones

import pytz
from babel import UnknownLocaleError
from babel.dates import get_timezone_location
from django.utils.translation import gettext as _
from django_countries import countries

from workshops.clocks import Zone, faces
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry, day_faces
from workshops.languages import active_language
from workshops.names import name_key

# Also the names of former days: browsers go on giving "Asia/Calcutta".
ZONES = frozenset(pytz.all_timezones_set & available_timezones())


@dataclass(frozen=True, slots=True)
class Place:
    zone: str
    name: str


@dataclass(frozen=True, slots=True)
class CountryClocks:
    """A country and its clocks: one, or several of which each has a place's name."""

    name: str
    places: tuple[Place, ...]


def third_zone(*, name: str) -> Zone:
    """In the words of the active language. `name` is one of ZONES."""
    return Zone(name, _("My time"), {active_language(): place_name(zone=name)})


def place_name(*, zone: str) -> str:
    """The zone's city as the reader's language has it: "Londra" for Europe/London in Turkish."""
    try:
        return get_timezone_location(zone, locale=active_language(), return_city=True).rsplit("/", 1)[-1]
    except (LookupError, UnknownLocaleError):  # the databases are updated at different times
        return zone.rsplit("/", 1)[-1].replace("_", " ")


def with_third_clock(*, programme: Programme, zone: Zone) -> Programme:
    """The same programme with a face more on each item; unchanged where a clock of the conference is asked for."""
    zones = programme.conference.zones
    if any(zone.name == shown.name for shown in zones):
        return programme
    own = (*zones, zone)
    return replace(
        programme,
        conference=replace(programme.conference, zones=own),
        workshops=tuple(_workshop(workshop, own) for workshop in programme.workshops),
    )


def _workshop(workshop: WorkshopEntry, zones: tuple[Zone, ...]) -> WorkshopEntry:
    return replace(workshop, days=tuple(_day(day, zones) for day in workshop.days))


def _day(day: DayEntry, zones: tuple[Zone, ...]) -> DayEntry:
    shown, legend = day_faces(start=day.start, end=day.end, date=day.date, zones=zones)
    sessions = tuple(_session(session, zones, day.date) for session in day.sessions)
    return replace(day, faces=shown, legend=legend, sessions=sessions)


def _session(session: SessionEntry, zones: tuple[Zone, ...], date: dt.date) -> SessionEntry:
    return replace(
        session,
        faces=faces(start=session.start, end=session.end, zones=zones, home_date=date),
        parts=tuple(_session(part, zones, date) for part in session.parts),
    )


def clocks_by_country(*, programme: Programme) -> list[CountryClocks]:
    """In the reader's alphabet. Of zones that agree, in summer, winter and on each day, the first stands for all."""
    year = programme.conference.starts_on.year
    dates = {dt.date(year, 1, 1), dt.date(year, 7, 1), *(date.date for date in programme.dates())}
    found = [
        CountryClocks(str(countries.name(code)), places)
        for code, names in pytz.country_timezones.items()
        if (places := _places(names, dates))
    ]
    return sorted(found, key=lambda country: name_key(country.name))


def _places(names: Iterable[str], dates: set[dt.date]) -> tuple[Place, ...]:
    first: dict[tuple[dt.timedelta | None, ...], str] = {}
    for name in names:
        if name in ZONES:
            first.setdefault(_offsets(name, dates), name)
    return tuple(Place(name, place_name(zone=name)) for name in first.values())


def _offsets(name: str, dates: set[dt.date]) -> tuple[dt.timedelta | None, ...]:
    zone = ZoneInfo(name)
    return tuple(dt.datetime.combine(date, dt.time(12), tzinfo=zone).utcoffset() for date in sorted(dates))
