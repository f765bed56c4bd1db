"""Reminders of a day: the day before, and an hour before."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from registration.domain.access_known import ADMITTED
from registration.domain.by_the_clock.days import ReleasedDay, released_days
from registration.domain.by_the_clock.write_notices import batches, lock_people, write_notices
from registration.models import Message, Notice, Participant, Registration
from workshops.models import Conference

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lead:
    """A reminder may be written from `earliest` to `latest` before the beginning."""

    kind: str
    earliest: dt.timedelta
    latest: dt.timedelta


# Who comes late with the first one leaves it: the second one follows soon, and none comes once the day has begun.
LEADS = (
    Lead(Message.Kind.DAY_BEFORE, dt.timedelta(hours=24), dt.timedelta(hours=3)),
    Lead(Message.Kind.HOUR_BEFORE, dt.timedelta(hours=1), dt.timedelta(0)),
)
# Who was let in less than this before a reminder's time has just read the confirmation, which says the same.
JUST_CONFIRMED = dt.timedelta(hours=1)


def remind_admitted(*, at: dt.datetime, seconds: float) -> int:
    """Writes the reminders that are due at `at` (aware), and returns how many.

    One for each registration, day and kind, also if the day is moved afterwards. What is left after `seconds` comes
    next time.
    """
    ends = time.monotonic() + seconds
    conference = Conference.objects.filter(is_current=True, reminders=True).first()
    written = 0
    for lead, day in _due(conference, at) if conference else ():
        for keys in batches(list(_to_remind(lead, day).order_by("pk").values_list("pk", flat=True))):
            if time.monotonic() >= ends:
                return written
            written += _remind(lead, day, keys)
    if written:
        log.info("reminders written", count=written)
    return written


def _due(conference: Conference, at: dt.datetime) -> list[tuple[Lead, ReleasedDay]]:
    return [
        (lead, day)
        for lead in LEADS
        for day in released_days(conference_id=conference.pk)
        if day.start and day.start - lead.earliest <= at < day.start - lead.latest
    ]


def _to_remind(lead: Lead, day: ReleasedDay) -> QuerySet[Registration]:
    if day.start is None:
        return Registration.objects.none()
    reminded = Notice.objects.filter(registration=OuterRef("pk"), day=day.key, kind=lead.kind)
    return Registration.objects.annotate(since=Coalesce("decided_at", "created_at")).filter(
        ~Exists(reminded),
        ADMITTED,
        workshop=day.workshop,
        since__lte=day.start - lead.earliest - JUST_CONFIRMED,
    )


def _remind(lead: Lead, day: ReleasedDay, keys: Sequence[int]) -> int:
    try:
        with transaction.atomic():
            lock_people(Participant.objects.filter(registrations__in=keys))
            rows = _to_remind(lead, day).filter(pk__in=keys).select_related("participant__conference")
            registrations = list(rows)
            write_notices(
                kind=lead.kind,
                written=[(registration, {"day": day.key}) for registration in registrations],
                notices=[
                    Notice(registration=registration, day_id=day.key, kind=lead.kind)
                    for registration in registrations
                ],
            )
    except IntegrityError:  # another worker was quicker, or the day was deleted: the next run looks again
        return 0
    return len(registrations)
