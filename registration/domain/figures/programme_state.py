"""What the start page says of the programme. To find it out the whole programme is read and checked, which takes many
queries: so it is kept, until something of the programme changes, and never longer than a few minutes, because what is
found depends on how near the day is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from registration.domain.access_codes.shortage import short_of_codes
from registration.domain.checks import without_access_details
from registration.models import AccessDetails
from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.changes import differs_from_release
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.checks.look import Look
from workshops.models import Conference, Release

_SECONDS = 300
_GENERATION = "programme-state-generation"


@dataclass(frozen=True, slots=True)
class Counted:
    """A finding, as far as it is counted: how bad it is, and whose workshops it is about."""

    severity: str
    workshops: frozenset[int]


@dataclass(frozen=True, slots=True)
class DayToCome:
    """A day that has not begun: in which roles nobody would get in, and how many appearances are still N.N. or open."""

    key: int
    workshop: int
    begins: dt.datetime
    without_access: tuple[str, ...]
    unnamed: int


@dataclass(frozen=True, slots=True)
class Released:
    number: int
    published_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CodesShort:
    """Access details for which there are too few personal codes, and for how many people."""

    details: int
    workshop: int
    people: int


@dataclass(frozen=True, slots=True)
class ProgrammeState:
    findings: tuple[Counted, ...]
    days: tuple[DayToCome, ...]
    release: Released | None
    is_behind: bool
    codes_short: tuple[CodesShort, ...] = ()


def programme_state(*, conference: Conference) -> ProgrammeState:
    # Before anything is read: what changes meanwhile makes this answer outdated from the beginning.
    generation = cache.get_or_set(_GENERATION, _new_generation, None)
    key = f"programme-state-{conference.pk}-{generation}"
    known: ProgrammeState | None = cache.get(key)
    if known is None:
        known = _find_out(conference)
        cache.set(key, known, _SECONDS)
    return known


def _new_generation() -> str:
    return uuid.uuid4().hex


def _find_out(conference: Conference) -> ProgrammeState:
    release = Release.objects.filter(conference=conference).select_related("conference").first()
    try:
        programme = build_programme(conference=conference)
    except WallClockError:  # a finding says so
        programme = None
    findings = findings_for(conference=conference, programme=programme)
    return ProgrammeState(
        findings=tuple(Counted(found.severity.value, found.workshops) for found in findings),
        days=_days(conference, Look(programme, timezone.now())) if programme else (),
        release=Released(release.number, release.published_at) if release else None,
        is_behind=release is not None and differs_from_release(release=release, programme=programme),
        codes_short=_codes_short(conference),
    )


def _codes_short(conference: Conference) -> tuple[CodesShort, ...]:
    found: QuerySet[Any] = short_of_codes(AccessDetails.objects.filter(day__workshop__conference=conference))
    return tuple(starmap(CodesShort, found.values_list("pk", "day__workshop", "codes_short")))


def _days(conference: Conference, look: Look) -> tuple[DayToCome, ...]:
    missing = {day.id: roles for _workshop, day, roles in without_access_details(conference, look)}
    return tuple(
        DayToCome(
            key=day.id,
            workshop=workshop.id,
            begins=look.begins(day),
            without_access=tuple(role.value for role in missing.get(day.id, ())),
            unnamed=sum(a.is_open or a.is_unnamed for session in day.walk() for a in session.appearances),
        )
        for workshop, day in look.days()
        if look.begins(day) > look.at
    )


def forget_programme_state() -> None:
    """At once for whoever changed it, and again after the commit: somebody may have read what was there before."""
    _renew()
    if not any(function is _renew for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(_renew, robust=True)


def _renew() -> None:
    cache.set(_GENERATION, _new_generation(), None)


def _changed(sender: Any, **_signal: Any) -> None:
    meta = getattr(sender, "_meta", None)
    if meta is not None and (meta.app_label == "workshops" or sender is AccessDetails):
        forget_programme_state()


def watch_programme() -> None:
    """Once, when every model is there."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_changed, dispatch_uid="programme-state")
