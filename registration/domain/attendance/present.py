"""Who was there, for how long, and what follows for their certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise

from registration.domain.access_known import ADMITTED
from registration.domain.certificates.rule import Schedule, percent_present, reason_against, schedule_of
from registration.models import Attendance, Registration
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Present:
    """`days` holds what each source says, by day; `against` why there is no certificate, None where there is one."""

    registration: Registration
    days: Mapping[int, tuple[Attendance, ...]]
    percent: float
    against: Promise | None


def people_of(*, workshop: Workshop) -> QuerySet[Registration]:
    """Everybody who might have come, and whoever did."""
    there = Attendance.objects.filter(registration=OuterRef("pk"))
    rows = Registration.objects.filter(ADMITTED | Exists(there), workshop=workshop)
    order = ("participant__last_name", "participant__first_name", "pk")
    return rows.select_related("participant").prefetch_related("attendances").order_by(*order)


def who_was_there(*, workshop: Workshop, people: Iterable[Registration], at: dt.datetime) -> list[Present]:
    schedule = schedule_of(workshop)
    return [_present(workshop, row, schedule, at) for row in people]


def _present(workshop: Workshop, row: Registration, schedule: Schedule, at: dt.datetime) -> Present:
    # The workshop with its days read once, for everybody.
    row.workshop = workshop
    found = list(row.attendances.all())
    return Present(
        registration=row,
        days={day: tuple(each for each in found if each.day_id == day) for day in schedule},
        percent=percent_present(attendances=found, schedule=schedule),
        against=reason_against(registration=row, at=at),
    )
