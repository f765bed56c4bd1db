"""When access details are sent for the first time."""

from __future__ import annotations

import datetime as dt

from registration.models import AccessDetails
from workshops.clocks import WallClockError, instant
from workshops.models import WorkshopDay


def sends_at(*, details: AccessDetails) -> dt.datetime | None:
    """The moment they go out by themselves; None: as soon as they are saved.

    Counted from the day's opening as it stands now, so that a day that is moved takes the mail with it; from the
    beginning of its date while the time is to be announced.
    """
    if details.send_at is not None:
        return details.send_at
    if details.hours_before is None:
        return None
    return begins_at(details.day) - dt.timedelta(hours=details.hours_before)


def is_due(*, details: AccessDetails, at: dt.datetime) -> bool:
    moment = sends_at(details=details)
    return moment is None or moment <= at


def begins_at(day: WorkshopDay) -> dt.datetime:
    """Its opening on the home clock; the beginning of its date where it has none, or one that the clock skips."""
    zone = day.workshop.conference.home_zone
    try:
        return instant(date=day.date, time=day.opens or dt.time(), zone=zone)
    except WallClockError:
        return instant(date=day.date, time=dt.time(12), zone=zone)
