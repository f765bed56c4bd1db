"""Whether starts follow from durations, and times that no programme can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext

from workshops.clocks import WallClockError, Zone, instant
from workshops.domain.checks.draft_clocks import right_times
from workshops.domain.checks.draft_look import DraftLook
from workshops.domain.checks.draft_words import (
    agenda_name,
    date_name,
    line_place,
    page_place,
    session_line,
    times_text,
)
from workshops.domain.checks.finding import Finding, Place, Severity, in_each_language
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import DraftDay, DraftSession, DraftWorkshop


def starts_follow_durations(look: DraftLook) -> Iterator[Finding]:
    """After a start that does not follow, the sum goes on from there, so that one slip is said once."""
    for workshop, day in look.days():
        opening = right_times(day.times, day.date, look.zones).home
        running = _after_midnight(opening.start) if opening else None
        before: Place = page_place(workshop, day.line, day.times, look.zones)
        for session in day.sessions:
            said = right_times(session.times, day.date, look.zones).home
            if said is not None:
                if running is not None and _after_midnight(said.start) != running % _DAY:
                    yield _does_not_follow(look, (workshop, day, session), running, before)
                running = _after_midnight(said.start)
            if said is not None and (wrong := _other_length(said, session.minutes)):
                yield _lasts_otherwise(look, (workshop, day, session), wrong)
            minutes = _minutes(session)
            running = running + minutes if running is not None and minutes is not None else None
            before = session_line(session, look.zones)


_DAY = 24 * 60
Item = tuple[DraftWorkshop, DraftDay, DraftSession]


def _after_midnight(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _minutes(session: DraftSession) -> int | None:
    if session.minutes is not None:
        return session.minutes
    parts = [_minutes(part) for part in session.parts]
    known = [minutes for minutes in parts if minutes is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def _other_length(said: Span, minutes: int | None) -> int:
    """The minutes between a start and an end that are not the duration beside them; 0 where nothing is wrong."""
    if said.end is None or minutes is None:
        return 0
    between = (_after_midnight(said.end) - _after_midnight(said.start)) % _DAY
    return between if between != minutes else 0


def _does_not_follow(look: DraftLook, item: Item, running: int, before: Place) -> Finding:
    workshop, day, session = item
    due = dt.time(running % _DAY // 60, running % 60)
    message = in_each_language(
        lambda: (
            gettext(
                "%(workshop)s: “%(title)s” is to begin at %(said)s, but what comes before it ends at %(due)s."
            )
            % {
                "workshop": agenda_name(workshop, day.date),
                "title": session.title,
                "said": times_text(_start_only(session.times, look, day.date), look.zones),
                "due": times_text(right_times(Times(Span(due)), day.date, look.zones), look.zones),
            }
        )
    )
    places = (before, session_line(session, look.zones))
    return Finding("start-disagrees-with-durations", Severity.WARNING, message, places)


def _start_only(times: Times, look: DraftLook, date: dt.date) -> Times:
    right = right_times(times, date, look.zones)
    home, partner = times.home or right.home, times.partner or right.partner
    return Times(Span(home.start) if home else None, Span(partner.start) if partner else None)


def _lasts_otherwise(look: DraftLook, item: Item, between: int) -> Finding:
    workshop, day, session = item
    message = in_each_language(
        lambda: (
            gettext(
                "%(workshop)s: “%(title)s” (%(said)s) takes %(between)d minutes by its times, "
                "but %(minutes)d by its duration."
            )
            % {
                "workshop": agenda_name(workshop, day.date),
                "title": session.title,
                "said": times_text(session.times, look.zones),
                "between": between,
                "minutes": session.minutes,
            }
        )
    )
    places = (session_line(session, look.zones),)
    return Finding("start-disagrees-with-durations", Severity.WARNING, message, places)


def times_exist(look: DraftLook) -> Iterator[Finding]:
    for workshop, day in look.days():
        home = right_times(day.times, day.date, look.zones).home
        if home is None:
            continue
        if home.end is not None and home.end <= home.start:
            yield _ends_first(look, workshop, day)
        elif reason := _impossible(home, day.date, look.zones[0]):
            yield _no_such_time(look, workshop, day, reason)


def _impossible(span: Span, date: dt.date, zone: Zone) -> WallClockError | None:
    for time in (span.start, span.end):
        try:
            if time is not None:
                instant(date=date, time=time, zone=zone.name)
        except WallClockError as error:
            return error
    return None


def _ends_first(look: DraftLook, workshop: DraftWorkshop, day: DraftDay) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("%(workshop)s: the day ends before it begins (%(said)s). It cannot be kept like that.")
            % {"workshop": agenda_name(workshop, day.date), "said": times_text(day.times, look.zones)}
        )
    )
    places = (page_place(workshop, day.line, day.times, look.zones),)
    return Finding("ends-before-start", Severity.ERROR, message, places)


def _no_such_time(look: DraftLook, workshop: DraftWorkshop, day: DraftDay, reason: WallClockError) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("%(workshop)s, %(said)s: %(reason)s")
            % {
                "workshop": agenda_name(workshop, day.date),
                "said": times_text(day.times, look.zones),
                "reason": reason.message,
            }
        )
    )
    places = (page_place(workshop, day.line, day.times, look.zones),)
    return Finding("time-does-not-exist", Severity.ERROR, message, places)


def conference_ends_after_start(look: DraftLook) -> Iterator[Finding]:
    first, last = look.draft.first_day, look.draft.last_day
    if first is None or last is None or last >= first:
        return
    message = in_each_language(
        lambda: (
            gettext("The conference would end (%(last)s) before it begins (%(first)s).")
            % {"first": date_name(first), "last": date_name(last)}
        )
    )
    line = next((r.line for r in look.draft.readings if "conference dates" in r.what), 1)
    yield Finding("ends-before-start", Severity.ERROR, message, (line_place(look.draft.title, line),))
