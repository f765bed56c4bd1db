"""Bringing the programme back to what it was in a release; the public sees that with the next one only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import structlog
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from conference.audit import by_way_of
from conference.models import User
from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.checks.finding import in_each_language
from workshops.domain.import_programme.hanging import obstacle_in_each_language, obstacle_to_removing
from workshops.domain.import_programme.lock import lock_conference, lock_workshops
from workshops.domain.import_programme.take_back import Left, TakeBack
from workshops.domain.programme import Programme
from workshops.domain.release import StaleProgrammeError, digest, newest_release, programme_of_release
from workshops.domain.restore_named import make_what_is_gone
from workshops.domain.restore_wanted import plan
from workshops.domain.snapshot import to_snapshot
from workshops.models import Conference, Membership, Release, Workshop, WorkshopDay

log = structlog.get_logger(__name__)
# What waits for a number, a date or a place to be free comes a turn later; nothing waits longer than this.
_TURNS = 5


@dataclass(slots=True)
class Restored:
    """How many rows were written, and what could not be brought back, with the reasons."""

    rows: int = 0
    left: list[Left] = field(default_factory=list)


def restore_release(*, release: Release, by: User | None, seen: str | None = None) -> Restored:
    """In one transaction. What the release does not hold stays untouched; what people hang on is never removed.

    `seen` is the digest of the programme that was shown before; raises StaleProgrammeError where it is another one.
    """
    programme = programme_of_release(release=release)
    with transaction.atomic(), by_way_of("restore", number=release.number):
        conference = lock_conference(pk=release.conference_id)
        _lock_programme(conference, programme)
        if seen is not None and seen != digest_now(conference=conference):
            raise StaleProgrammeError
        restored = _restore(conference, programme)
    log.info(
        "release restored", release=release.pk, rows=restored.rows, left=len(restored.left), by=by and by.pk
    )
    return restored


def digest_now(*, conference: Conference) -> str:
    """Of the programme as it stands; empty where a time in it names no instant."""
    try:
        snapshot = to_snapshot(build_programme(conference=conference))
    except WallClockError:
        return ""
    return digest(snapshot=snapshot, last=newest_release(conference=conference))


def staying(*, release: Release) -> list[Left]:
    """Workshops and days that the release does not have, and why they stay all the same."""
    workshops, days = _unknown_to(release.conference_id, programme_of_release(release=release))
    kept = {row: reasons for row in workshops if (reasons := obstacle_in_each_language(row=row))}
    others = [day for day in days if day.workshop_id not in {row.pk for row in kept}]
    days_kept = {day: reasons for day in others if (reasons := obstacle_in_each_language(row=day))}
    return [
        Left(in_each_language(partial(str, row)), reasons)
        for row, reasons in [*kept.items(), *days_kept.items()]
    ]


def losing_rights(*, release: Release) -> list[Membership]:
    """Who looks after workshops that go, and has no right to them any more once they come again."""
    workshops, _days = _unknown_to(release.conference_id, programme_of_release(release=release))
    going = [row.pk for row in workshops if not obstacle_to_removing(row=row)]
    rows = Membership.objects.filter(workshop__in=going).select_related("user", "workshop")
    return list(rows.order_by("workshop__position", "workshop", "user__email"))


def _unknown_to(conference_id: int, programme: Programme) -> tuple[Iterable[Workshop], Iterable[WorkshopDay]]:
    known = [workshop.id for workshop in programme.workshops]
    known_days = [day.id for workshop in programme.workshops for day in workshop.days]
    workshops = Workshop.objects.filter(conference=conference_id).exclude(pk__in=known).order_by("pk")
    days = WorkshopDay.objects.filter(workshop__conference=conference_id).exclude(pk__in=known_days)
    return workshops, days.order_by("pk")


def _lock_programme(conference: Conference, programme: Programme) -> None:
    """What may go is locked in full, so that nobody registers for it meanwhile; workshops before their days."""
    workshops, days = _unknown_to(conference.pk, programme)
    lock_workshops(conference=conference, in_full={row.pk for row in workshops})
    keys = [day.pk for day in days]
    list(WorkshopDay.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _restore(conference: Conference, programme: Programme) -> Restored:
    restored = Restored(rows=make_what_is_gone(conference=conference, programme=programme))
    for _turn in range(_TURNS):
        wanted = plan(conference=conference, programme=programme)
        taken_back = TakeBack(wanted.entries).run()
        written = taken_back.restored + sum(_made(row) for row in wanted.new)
        restored.rows += written
        restored.left = [*wanted.left, *taken_back.left]
        if not written:
            break
    return restored


def _made(row: Model) -> int:
    """0 where what it belongs to could not be brought back."""
    try:
        with transaction.atomic():
            row.full_clean()
            row.save(force_insert=True)
    except (ValidationError, IntegrityError, ObjectDoesNotExist):
        return 0
    return 1
