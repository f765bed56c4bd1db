"""The clock on the wall where a participant is, for those who are at home on neither of the conference's clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytz

from workshops.clocks import Face, Zone, faces
from workshops.domain.programme import DayEntry


def own_face(*, day: DayEntry, country: Any) -> Face | None:
    """What the clocks of `country` (django_countries' Country) show for a day, labelled with its name.

    None where a conference clock shows the same on that date, while the time is to be announced, and where the
    country is unknown or has several zones: nobody is told a time that may not be theirs. `zoneinfo` reckons; which
    zones a country has only pytz knows.
    """
    zones = pytz.country_timezones.get(country.code or "", ())
    if len(zones) != 1:
        return None
    own = Zone(zones[0], str(country.name), {})
    try:
        shown = faces(start=day.start, end=day.end, zones=(own,), home_date=day.date)
    except ZoneInfoNotFoundError:  # the two databases are updated at different times
        return None
    known = [_reading(face) for face in day.faces]
    return next((face for face in shown if _reading(face) not in known), None)


def _reading(face: Face) -> tuple[dt.date, dt.time, dt.time | None]:
    return face.date, face.start, face.end
