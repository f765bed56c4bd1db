"""Until when a conference keeps what it knows about people."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max

from workshops.domain.registration_window import end_of_day
from workshops.models import Conference, WorkshopDay


def kept_until(*, conference: Conference) -> dt.datetime | None:
    """The midnight (home zone) at which `retention_days` full days have passed since the end of its last day.

    The last day is the conference's own or that of its last workshop, whichever is later. None where people's data
    are kept for good.
    """
    if conference.retention_days is None:
        return None
    days = WorkshopDay.objects.filter(workshop__conference=conference)
    last = max(conference.ends_on, days.aggregate(last=Max("date"))["last"] or conference.ends_on)
    return end_of_day(last + dt.timedelta(days=conference.retention_days), conference.home_zone)
