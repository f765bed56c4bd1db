from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.db import transaction

from conference.models import User
from registration.domain.access_codes.give import lock_workshops
from registration.domain.attendance.spans import Presence
from registration.models import Attendance, Registration
from workshops.models import WorkshopDay

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """People who are down as having been there by a report now, and those who no longer are."""

    there: int
    gone: int


def apply_report(
    *, day: WorkshopDay, presences: Mapping[int, Presence], adds: bool, by: User | None = None
) -> Applied:
    """Keeps who was there on a day, by registration. It takes the place of what an earlier report said.

    With `adds` it is one of several reports of that day: whoever stands in both keeps the longer time.
    """
    with transaction.atomic():
        lock_workshops([day.workshop_id])
        own = Registration.objects.filter(pk__in=presences, workshop=day.workshop_id)
        keys = set(own.values_list("pk", flat=True))
        rows = Attendance.objects.filter(day=day, source=Attendance.Source.REPORT)
        gone = 0 if adds else rows.exclude(registration__in=keys).delete()[0]
        before = {row.registration_id: row for row in rows}
        for key in sorted(keys):
            _keep(day, key, presences[key], before.get(key), adds=adds)
        there = rows.all().count()
    log.info("attendance report applied", day=day.pk, there=there, gone=gone, by=by.pk if by else None)
    return Applied(there, gone)


def _keep(
    day: WorkshopDay, registration: int, presence: Presence, before: Attendance | None, *, adds: bool
) -> None:
    if before is not None and adds and (before.minutes or 0) >= (presence.minutes or 0):
        return
    row = before or Attendance(registration_id=registration, day=day, source=Attendance.Source.REPORT)
    values = {"minutes": presence.minutes, "joined_at": presence.came, "left_at": presence.left}
    if before is not None and all(getattr(before, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
