"""When something begins, as everybody has been told: the released programme, not what is being changed beneath it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workshops.domain.release import NothingReleasedError, released_programme
from workshops.models import WorkshopDay


@dataclass(frozen=True, slots=True)
class ReleasedDay:
    """`start` is None while the time is to be announced."""

    key: int
    workshop: int
    date: dt.date
    start: dt.datetime | None


def released_days(*, conference_id: int) -> list[ReleasedDay]:
    """Those that still exist. None where the conference is not the one on the site, or nothing was released."""
    try:
        programme = released_programme()
    except NothingReleasedError:
        return []
    if programme.conference.id != conference_id:
        return []
    known = set(
        WorkshopDay.objects.filter(workshop__conference=conference_id).values_list("pk", "workshop_id")
    )
    return [
        ReleasedDay(day.id, workshop.id, day.date, day.start)
        for workshop in programme.workshops
        for day in workshop.days
        if (day.id, workshop.id) in known
    ]
