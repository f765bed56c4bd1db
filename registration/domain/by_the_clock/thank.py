"""Thanks, the day after somebody's last event."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from registration.domain.access_known import ADMITTED
from registration.domain.by_the_clock.days import ReleasedDay, released_days
from registration.domain.by_the_clock.write_notices import batches, lock_people, write_notices
from registration.models import Message, Notice, Participant, Registration
from workshops.models import Conference

log = structlog.get_logger(__name__)
# By the home clock.
THANKED_AT = dt.time(10)
# Later, thanks would come as a surprise: beat was away, or a conference of last year was shown again.
NOT_LATER_THAN = dt.timedelta(days=7)


def thank_participants(*, at: dt.datetime, seconds: float) -> int:
    """One mail to each person about all they took part in, once nothing is left that they take part in.

    Returns how many were written at `at` (aware). What is left after `seconds` comes next time.
    """
    ends = time.monotonic() + seconds
    conference = Conference.objects.filter(is_current=True, thanks=True).first()
    if conference is None:
        return 0
    last_days = _last_days(released_days(conference_id=conference.pk))
    due = _whom(conference, last_days, at)
    written = 0
    for keys in batches(list(due.order_by("pk").values_list("pk", flat=True))):
        if time.monotonic() >= ends:
            return written
        written += _thank(keys, due, last_days)
    if written:
        log.info("thanks written", count=written)
    return written


def thanked_at(*, date: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(date + dt.timedelta(days=1), THANKED_AT, tzinfo=ZoneInfo(zone))


def _last_days(days: Sequence[ReleasedDay]) -> dict[int, ReleasedDay]:
    """By workshop."""
    return {day.workshop: day for day in sorted(days, key=lambda day: day.date)}


def _whom(
    conference: Conference, last_days: Mapping[int, ReleasedDay], at: dt.datetime
) -> QuerySet[Participant]:
    moments = {key: thanked_at(date=day.date, zone=conference.home_zone) for key, day in last_days.items()}
    recent = [key for key, moment in moments.items() if moment <= at < moment + NOT_LATER_THAN]
    to_come = [key for key, moment in moments.items() if moment > at]
    own = Registration.objects.filter(ADMITTED, participant=OuterRef("pk"))
    return Participant.objects.filter(
        Exists(own.filter(_unthanked(), workshop__in=recent)),
        ~Exists(own.filter(workshop__in=to_come)),
        conference=conference,
    )


def _unthanked() -> Q:
    """Whichever day it was then the last one."""
    return ~Q(Exists(Notice.objects.filter(registration=OuterRef("pk"), kind=Notice.Kind.THANKS)))


def _thank(keys: Collection[int], due: QuerySet[Participant], last_days: Mapping[int, ReleasedDay]) -> int:
    try:
        with transaction.atomic():
            lock_people(Participant.objects.filter(pk__in=keys))
            people = due.filter(pk__in=keys)
            thanked = _taken_part(people, last_days)
            write_notices(
                kind=Message.Kind.THANKS,
                written=[(rows[0], {"registrations": [row.pk for row in rows]}) for rows in thanked],
                notices=[
                    Notice(registration=row, day_id=last_days[row.workshop_id].key, kind=Notice.Kind.THANKS)
                    for rows in thanked
                    for row in rows
                ],
            )
    except IntegrityError:  # another worker was quicker, or a day was deleted: the next run looks again
        return 0
    return len(thanked)


def _taken_part(
    people: QuerySet[Participant], last_days: Mapping[int, ReleasedDay]
) -> list[list[Registration]]:
    rows = Registration.objects.filter(
        ADMITTED, _unthanked(), participant__in=people, workshop__in=last_days.keys()
    )
    by_person: dict[int, list[Registration]] = defaultdict(list)
    for row in rows.select_related("participant__conference").order_by(
        "participant", "workshop__position", "workshop"
    ):
        by_person[row.participant_id].append(row)
    return list(by_person.values())
