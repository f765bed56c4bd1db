from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.domain.certificates.rule import TOO_EARLY
from registration.models import Attendance, Participant, Registration
from workshops.domain.programme import DayEntry

# The first place on Earth where a date begins, and the last one where it ends.
_FIRST, _LAST = dt.timedelta(hours=14), dt.timedelta(hours=12)


def opens_at(*, day: DayEntry, minutes: int) -> dt.datetime | None:
    """When the way in opens, `minutes` before the day begins; None while its time is to be announced."""
    return None if day.start is None else day.start - dt.timedelta(minutes=minutes)


def may_join(*, day: DayEntry, at: dt.datetime, minutes: int) -> bool:
    """From `minutes` before it begins until it ends; all day long while its time is to be announced."""
    opens = opens_at(day=day, minutes=minutes)
    if opens is not None and day.end is not None:
        return opens <= at < day.end
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
            _record(registration, day_id)
    return agrees


def _record(registration: Registration, day_id: int) -> None:
    """When they first came; of a press long before, the day has been moved since, or they only tried the button."""
    now = timezone.now()
    row, is_new = Attendance.objects.get_or_create(
        registration=registration,
        day_id=day_id,
        source=Attendance.Source.JOINED,
        defaults={"joined_at": now},
    )
    if not is_new and row.joined_at is not None and row.joined_at < now - TOO_EARLY:
        row.joined_at = now
        row.save(update_fields=["joined_at"])


def _remember(person: Participant, *, agrees: bool) -> None:
    if agrees == (person.joining_recorded_since is not None):
        return
    person.joining_recorded_since = timezone.now() if agrees else None
    person.save(update_fields=["joining_recorded_since"])
    if not agrees:
        Attendance.objects.filter(registration__participant=person, source=Attendance.Source.JOINED).delete()
