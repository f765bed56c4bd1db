"""When one can register for a workshop."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, QuerySet, Subquery

from workshops.models import Workshop, WorkshopDay


class Window(StrEnum):
    """Whether one can register for a workshop at a moment."""

    OPEN = "open"
    NOT_YET = "not_yet"
    CLOSED = "closed"


def registration_window(*, workshop: Workshop, at: dt.datetime) -> Window:
    """Without a closing time of its own, a workshop closes at the end of its last day (home zone)."""
    return window_at(
        opens=workshop.registration_opens_at,
        closes=workshop.registration_closes_at or _ends(workshop),
        at=at,
    )


def is_over(*, workshop: Workshop, at: dt.datetime) -> bool:
    """Whether its last day has ended (home zone); never while it has no day."""
    ends = _ends(workshop)
    return ends is not None and at >= ends


def with_its_end(workshops: QuerySet[Workshop]) -> QuerySet[Workshop]:
    """With what the functions here ask of a workshop, so that neither its days nor its conference are read for it."""
    last = WorkshopDay.objects.filter(workshop=OuterRef("pk")).order_by("-date").values("date")[:1]
    return workshops.annotate(last_day=Subquery(last), home_zone=F("conference__home_zone"))


def _ends(workshop: Workshop) -> dt.datetime | None:
    known = vars(workshop)
    if "last_day" in known:
        return end_of_day(known["last_day"], known["home_zone"])
    last = max((day.date for day in workshop.days.all()), default=None)
    return end_of_day(last, workshop.conference.home_zone)


def begins_next(*, workshop: Workshop, at: dt.datetime) -> dt.datetime | None:
    """When its first day that is not over begins (home zone); its midnight while times are to be announced.

    None where no day is left, or none is known yet. May lie before `at`: that day is under way.
    """
    zone = workshop.conference.home_zone
    for day in sorted(workshop.days.all(), key=lambda day: day.date):
        ends = _on(day.date, day.closes, zone) if day.closes else end_of_day(day.date, zone)
        if ends is not None and ends > at:
            return _on(day.date, day.opens or dt.time.min, zone)
    return None


def _on(date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    return dt.datetime.combine(date, time, tzinfo=ZoneInfo(zone))


def window_at(*, opens: dt.datetime | None, closes: dt.datetime | None, at: dt.datetime) -> Window:
    """At the very moment of opening it is open, at the very moment of closing it is closed."""
    if opens and at < opens:
        return Window.NOT_YET
    return Window.CLOSED if closes and at >= closes else Window.OPEN


def end_of_day(date: dt.date | None, zone: str) -> dt.datetime | None:
    """The midnight that ends a date in a zone."""
    if date is None:
        return None
    return dt.datetime.combine(date + dt.timedelta(days=1), dt.time.min, tzinfo=ZoneInfo(zone))
