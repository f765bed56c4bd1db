"""Who gets a certificate: what the workshop says, and how long somebody was there by the best source there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.access_known import ADMITTED
from registration.models import Attendance, Registration
from workshops.clocks import WallClockError, instant
from workshops.domain.registration_window import end_of_day
from workshops.models import Workshop, WorkshopDay

# A day's opening and closing, by its key; None while to be announced.
Span = tuple[dt.datetime, dt.datetime]
Schedule = Mapping[int, Span | None]
# On a day whose time is to be announced the button is there from the morning on.
TOO_EARLY = dt.timedelta(hours=12)

NOT_OVER = _("There are certificates when the event is over.")
NO_CERTIFICATES = _("There are no certificates for this event.")
NOT_CONFIRMED = _("Only those whose registration is confirmed get a certificate.")
NOT_PRESENT = _("Those get a certificate who were there long enough.")
NO_NAME = _("A certificate needs a name: please enter yours first.")


def reason_against(*, registration: Registration, at: dt.datetime) -> Promise | None:
    """Why somebody gets none now; None where they get one."""
    workshop = registration.workshop
    return _reason_against(registration, workshop, schedule_of(workshop), at)


def who_gets_one(*, workshop: Workshop, at: dt.datetime) -> list[Registration]:
    """In the order of registration, with a fixed number of queries."""
    schedule = schedule_of(workshop)
    rows = (
        Registration.objects.filter(ADMITTED, workshop=workshop)
        .select_related("participant")
        .prefetch_related("attendances", "certificates")
        .order_by("pk")
    )
    return [row for row in rows if _reason_against(row, workshop, schedule, at) is None]


def _reason_against(
    registration: Registration, workshop: Workshop, schedule: Schedule, at: dt.datetime
) -> Promise | None:
    if workshop.certificates == Workshop.Certificates.NOBODY:
        return NO_CERTIFICATES
    if not is_over(workshop=workshop, schedule=schedule, at=at):
        return NOT_OVER
    if workshop.certificates == Workshop.Certificates.CONFIRMED:
        granted = registration.status == Registration.Status.CONFIRMED
        return _unless_nameless(registration) if granted else NOT_CONFIRMED
    if registration.admitted_role is None:
        return NOT_CONFIRMED
    present = percent_present(attendances=registration.attendances.all(), schedule=schedule)
    return _unless_nameless(registration) if present >= workshop.certificate_percent else NOT_PRESENT


def _unless_nameless(registration: Registration) -> Promise | None:
    return None if registration.participant.full_name else NO_NAME


def schedule_of(workshop: Workshop) -> dict[int, Span | None]:
    return {day.pk: _span(day, workshop.conference.home_zone) for day in workshop.days.all()}


def _span(day: WorkshopDay, zone: str) -> Span | None:
    if day.opens is None or day.closes is None:
        return None
    try:
        start, end = (instant(date=day.date, time=time, zone=zone) for time in (day.opens, day.closes))
    except WallClockError:
        return None
    return start, end


def is_over(*, workshop: Workshop, schedule: Schedule, at: dt.datetime) -> bool:
    """When the last day has closed; a day without a time ends at its midnight. Never while there is no day."""
    zone = workshop.conference.home_zone
    ends = (
        span[1] if (span := schedule[day.pk]) else end_of_day(day.date, zone) for day in workshop.days.all()
    )
    last = max((end for end in ends if end is not None), default=None)
    return last is not None and last <= at


def percent_present(*, attendances: Iterable[Attendance], schedule: Schedule) -> float:
    """Of the time; of the days where a day has no time (yet). Of several sources the best one counts, day by day."""
    if not schedule:
        return 0.0
    by_minutes = all(schedule.values())
    scheduled = {day: _minutes(span) if span and by_minutes else 1.0 for day, span in schedule.items()}
    there = dict.fromkeys(schedule, 0.0)
    for attendance in attendances:
        span = schedule.get(attendance.day_id)
        if attendance.day_id in there:
            found = _minutes_there(attendance, span) if span and by_minutes else 1.0
            there[attendance.day_id] = max(there[attendance.day_id], found)
    return 100 * sum(min(there[day], scheduled[day]) for day in schedule) / sum(scheduled.values())


def _minutes_there(attendance: Attendance, span: Span) -> float:
    """Who came and is not known to have left stayed; of whom nothing else is known was there all day.

    Nothing counts before the day begins or after it ends. Who pressed “join” long before it began has not come by
    that: the day was moved since, or they only tried the button.
    """
    if attendance.minutes is not None:
        return float(attendance.minutes)
    if attendance.source == Attendance.Source.JOINED and _is_too_early(attendance, span):
        return 0.0
    came = max(attendance.joined_at or span[0], span[0])
    left = min(attendance.left_at or span[1], span[1])
    return max(0.0, _minutes((came, left)))


def _is_too_early(attendance: Attendance, span: Span) -> bool:
    return attendance.joined_at is not None and attendance.joined_at < span[0] - TOO_EARLY


def _minutes(span: Span) -> float:
    return (span[1] - span[0]).total_seconds() / 60
