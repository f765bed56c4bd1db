from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.models import Attendance, Participant, Registration
from workshops.domain.programme import DayEntry

OPENS_BEFORE = dt.timedelta(minutes=30)
# The first place on Earth where a date begins, and the last one where it ends.
_FIRST, _LAST = dt.timedelta(hours=14), dt.timedelta(hours=12)


def may_join(*, day: DayEntry, at: dt.datetime) -> bool:
    """From half an hour before it begins until it ends; all day long while its time is to be announced."""
    if day.start is not None and day.end is not None:
        return day.start - OPENS_BEFORE <= at < day.end
    return (at - _LAST).date() <= day.date <= (at + _FIRST).date()


def join_day(*, registration: Registration, day_id: int, agrees: bool) -> bool:
    """Records that this person came, if they agree; returns whether it is recorded.

    What they answer is remembered. Who no longer agrees takes back what was recorded of their joining until now
    (GDPR, Articles 7(3) and 17(1)(b)). Getting in depends on none of it.
    """
    with transaction.atomic():
        person = Participant.objects.select_for_update(of=("self",), no_key=True).get(
            pk=registration.participant_id
        )
        _remember(person, agrees=agrees)
        if agrees:
            Attendance.objects.get_or_create(
                registration=registration,
                day_id=day_id,
                source=Attendance.Source.JOINED,
                defaults={"joined_at": timezone.now()},
            )
    return agrees


def _remember(person: Participant, *, agrees: bool) -> None:
    if agrees == (person.joining_recorded_since is not None):
        return
    person.joining_recorded_since = timezone.now() if agrees else None
    person.save(update_fields=["joining_recorded_since"])
    if not agrees:
        Attendance.objects.filter(registration__participant=person, source=Attendance.Source.JOINED).delete()
