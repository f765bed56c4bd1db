"""What the start page says of the programme. To find it out the whole programme is read and checked, which takes many
queries: so it is kept, until something of the programme changes, and never longer than a few minutes, because what is
found depends on how near the day is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from registration.domain.access_codes.counted import CodesShort, codes_short, forget_codes_short
from registration.domain.checks import without_access_details
from registration.domain.generation import Generation
from registration.models import AccessCode, AccessDetails, Registration
from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.changes import differs_from_release
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.checks.look import Look
from workshops.models import Conference, Release

_SECONDS = 300
_PROGRAMME = Generation("programme-state-generation")


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
class ProgrammeState:
    findings: tuple[Counted, ...]
    days: tuple[DayToCome, ...]
    release: Released | None
    is_behind: bool
    codes_short: tuple[CodesShort, ...] = ()


def programme_state(*, conference: Conference) -> ProgrammeState:
    # Before anything is read: what changes meanwhile makes this answer outdated from the beginning.
    generation, short = _PROGRAMME.current(), codes_short(conference=conference)
    # Who lacks a code changes with each registration: what was found holds for as many as lack one now.
    lacking = "-".join(f"{row.details}.{row.people}" for row in short)
    key = sha256(f"{conference.pk}-{generation}-{lacking}".encode()).hexdigest()
    known: ProgrammeState | None = cache.get(f"programme-state-{key}")
    if known is None:
        known = _find_out(conference, short)
        cache.set(f"programme-state-{key}", known, _SECONDS)
    return known


def _find_out(conference: Conference, short: tuple[CodesShort, ...]) -> ProgrammeState:
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
        codes_short=short,
    )


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
    _PROGRAMME.forget()
    forget_codes_short()


def _changed(sender: Any, **_signal: Any) -> None:
    meta = getattr(sender, "_meta", None)
    if meta is not None and (meta.app_label == "workshops" or sender is AccessDetails):
        forget_programme_state()
    elif sender in {Registration, AccessCode}:
        forget_codes_short()


def watch_programme() -> None:
    """Once, when every model is there."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_changed, dispatch_uid="programme-state")
