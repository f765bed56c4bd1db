"""What people who register rely on: until when, for how many, and how to get in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from workshops.domain.checks.finding import Finding, Place, Proposal, Ref, Severity, in_each_language
from workshops.domain.checks.look import Look
from workshops.domain.checks.words import day_place, moment, workshop_name, workshop_place
from workshops.domain.programme import DayEntry, WorkshopEntry
from workshops.languages import CODES
from workshops.templatetags.texts import short_date


def platforms_have_instructions(look: Look) -> Iterator[Finding]:
    by_platform: dict[str, list[WorkshopEntry]] = {}
    for workshop in look.programme.workshops:
        if workshop.platform and not any(workshop.platform.instructions.values()):
            by_platform.setdefault(workshop.platform.name, []).append(workshop)
    for name, workshops in by_platform.items():
        yield _no_instructions(look, name, workshops)


def _no_instructions(look: Look, name: str, workshops: list[WorkshopEntry]) -> Finding:
    message = in_each_language(
        lambda: (
            gettext(
                "%(platform)s has no instructions yet: nobody is told how to join and how to hear the interpreter."
            )
            % {"platform": name}
        )
    )
    platform = Place(dict.fromkeys(CODES, name), Ref("platform", name))
    soonest = min((look.begins(day) for workshop in workshops for day in workshop.days), default=None)
    severity = look.urgency(soonest) if soonest else Severity.NOTE
    return Finding(
        "platform-without-instructions",
        severity,
        message,
        (platform, *(workshop_place(workshop) for workshop in workshops)),
    )


def registration_closes_in_time(look: Look) -> Iterator[Finding]:
    for workshop in look.programme.workshops:
        first = first_start(workshop)
        closes = workshop.registration_closes_at
        if first is not None and first.start is not None and closes is not None and closes > first.start:
            yield _closes_late(look, workshop, first, first.start, closes)


def first_start(workshop: WorkshopEntry) -> DayEntry | None:
    timed = [(day.start, day.id, day) for day in workshop.days if day.start is not None]
    return min(timed)[2] if timed else None


def _closes_late(
    look: Look, workshop: WorkshopEntry, first: DayEntry, start: dt.datetime, closes: dt.datetime
) -> Finding:
    zones = look.programme.conference.zones

    def when(at: dt.datetime) -> str:
        date = at.astimezone(ZoneInfo(zones[0].name)).date()
        return f"{short_date(date)}, {moment(at, zones, date)}"

    message = in_each_language(
        lambda: (
            gettext(
                "%(workshop)s: registration closes (%(closes)s) after the workshop has begun (%(start)s)."
            )
            % {"workshop": workshop_name(workshop), "closes": when(closes), "start": when(start)}
        )
    )
    label = in_each_language(
        lambda: gettext("Close registration when the workshop begins, %(start)s") % {"start": when(start)}
    )
    return Finding(
        "registration-closes-after-start",
        Severity.WARNING,
        message,
        (workshop_place(workshop), day_place(workshop, first)),
        Proposal(f"close-registration:{workshop.id}:{start.astimezone(dt.UTC).isoformat()}", label),
    )


def platform_holds_everybody(look: Look) -> Iterator[Finding]:
    """Listeners without a limit are not counted: nobody knows how many they will be."""
    for workshop in look.programme.workshops:
        limit = look.limits.get(workshop.platform.name) if workshop.platform else None
        active, listening = workshop.capacity_active or 0, workshop.capacity_listener or 0
        if limit is not None and active + listening > limit:
            yield _too_many(workshop, active, listening, limit)


def _too_many(workshop: WorkshopEntry, active: int, listening: int, limit: int) -> Finding:
    platform = workshop.platform.name if workshop.platform else ""
    message = in_each_language(
        lambda: (
            gettext("%(workshop)s has %(places)d places, but %(platform)s admits at most %(limit)d people.")
            % {
                "workshop": workshop_name(workshop),
                "places": active + listening,
                "platform": platform,
                "limit": limit,
            }
        )
    )
    places = (
        workshop_place(workshop),
        Place(dict.fromkeys(CODES, platform), Ref("platform", platform)),
    )
    return Finding(
        "capacity-above-platform",
        Severity.WARNING,
        message,
        places,
        _lower(workshop, active, listening, limit),
    )


def _lower(workshop: WorkshopEntry, active: int, listening: int, limit: int) -> Proposal:
    """Active places come first: they are limited only as far as the platform itself limits them."""
    new_active = min(active, limit)
    new_listening = None if workshop.capacity_listener is None else min(listening, limit - new_active)

    def label() -> str:
        known = {"active": new_active, "listening": new_listening}
        if new_listening is None:
            return gettext("Lower the active places to %(active)d") % known
        return gettext("Lower the places to %(active)d active and %(listening)d listening") % known

    new = "" if new_listening is None else str(new_listening)
    return Proposal(f"lower-places:{workshop.id}:{new_active}:{new}", in_each_language(label))
