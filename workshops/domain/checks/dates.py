"""Days: within the conference's dates, with a time, with an agenda, one host in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from django.utils.translation import gettext, ngettext

from workshops.domain.checks.finding import Finding, Place, Ref, Severity, in_each_language
from workshops.domain.checks.look import Look
from workshops.domain.checks.words import (
    day_name,
    day_place,
    said,
    session_place,
    span,
    workshop_name,
    workshop_place,
)
from workshops.domain.programme import DayEntry, OrganisationEntry, SessionEntry, WorkshopEntry
from workshops.templatetags.texts import date_range


def day_in_conference(look: Look) -> Iterator[Finding]:
    conference = look.programme.conference
    for workshop, day in look.days():
        if not conference.starts_on <= day.date <= conference.ends_on:
            yield _outside(look, workshop, day)


def _outside(look: Look, workshop: WorkshopEntry, day: DayEntry) -> Finding:
    conference = look.programme.conference
    message = in_each_language(
        lambda: (
            gettext("%(day)s lies outside the dates of the conference (%(dates)s).")
            % {"day": day_name(workshop, day), "dates": date_range(conference.starts_on, conference.ends_on)}
        )
    )
    places = (day_place(workshop, day), Place(conference.name, Ref("conference", conference.id)))
    return Finding("day-outside-conference", Severity.NOTE, message, places)


def time_known(look: Look) -> Iterator[Finding]:
    for workshop, day in look.days():
        if day.start is None:
            yield _still_open(
                look,
                workshop,
                day,
                "time-unknown",
                lambda: gettext("%(day)s: the time is still to be announced."),
            )


def day_has_sessions(look: Look) -> Iterator[Finding]:
    for workshop, day in look.days():
        if not day.sessions:
            yield _still_open(
                look, workshop, day, "day-without-sessions", lambda: gettext("%(day)s has no agenda yet.")
            )


def _still_open(
    look: Look, workshop: WorkshopEntry, day: DayEntry, code: str, sentence: Callable[[], str]
) -> Finding:
    message = in_each_language(lambda: sentence() % {"day": day_name(workshop, day)})
    return Finding(code, look.urgency(look.begins(day)), message, (day_place(workshop, day),))


def workshop_has_days(look: Look) -> Iterator[Finding]:
    for workshop in look.programme.workshops:
        if not workshop.days:
            yield _without_date(workshop)


def _without_date(workshop: WorkshopEntry) -> Finding:
    message = in_each_language(
        lambda: gettext("%(workshop)s has no date yet.") % {"workshop": workshop_name(workshop)}
    )
    return Finding("workshop-without-days", Severity.NOTE, message, (workshop_place(workshop),))


def sessions_have_durations(look: Look) -> Iterator[Finding]:
    """Once a day. Within an item that has a duration, parts may do without: nothing after them moves."""
    for workshop, day in look.days():
        open_ones = [session for session in day.sessions if session.duration_minutes is None]
        if open_ones:
            yield _without_duration(workshop, day, open_ones)


def _without_duration(workshop: WorkshopEntry, day: DayEntry, open_ones: list[SessionEntry]) -> Finding:
    message = in_each_language(
        lambda: (
            ngettext(
                "%(day)s: %(count)d item has no duration yet; what follows it has no fixed start.",
                "%(day)s: %(count)d items have no duration yet; what follows them has no fixed start.",
                len(open_ones),
            )
            % {"day": day_name(workshop, day), "count": len(open_ones)}
        )
    )
    places = tuple(session_place(workshop, day, session) for session in open_ones)
    return Finding("session-without-duration", Severity.NOTE, message, places)


def host_in_one_place(look: Look) -> Iterator[Finding]:
    for (first, day), (second, other) in combinations(look.days(), 2):
        if first.id == second.id or not overlap(day, other):
            continue
        slugs = {host.slug for host in second.hosts}
        for host in first.hosts:
            if host.slug in slugs:
                yield _double_booked(host, first, day, second, other)


def overlap(one: DayEntry | SessionEntry, other: DayEntry | SessionEntry) -> bool:
    """Whether both run at some moment; not where one ends exactly when the other begins."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _double_booked(
    host: OrganisationEntry, first: WorkshopEntry, day: DayEntry, second: WorkshopEntry, other: DayEntry
) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("%(host)s hosts two workshops at once: %(first)s (%(at)s) and %(second)s (%(other)s).")
            % {
                "host": said(host.name),
                "first": day_name(first, day),
                "at": span(day.faces),
                "second": day_name(second, other),
                "other": span(other.faces),
            }
        )
    )
    return Finding(
        "host-double-booked",
        Severity.WARNING,
        message,
        (day_place(first, day), day_place(second, other)),
    )
