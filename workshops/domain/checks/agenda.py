"""Whether an agenda fits its day, and parts the item they belong to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from workshops.domain.checks.finding import Finding, Proposal, Severity, in_each_language
from workshops.domain.checks.look import Look
from workshops.domain.checks.words import (
    day_name,
    day_place,
    in_minutes,
    moment,
    said,
    session_name,
    session_place,
)
from workshops.domain.programme import DayEntry, SessionEntry, WorkshopEntry


def agenda_fits_day(look: Look) -> Iterator[Finding]:
    for workshop, day in look.days():
        if day.start is None or day.end is None or not day.sessions:
            continue
        planned, room = sum(least(session) for session in day.sessions), _minutes(day.end - day.start)
        if planned > room or (planned < room and all(is_known(session) for session in day.sessions)):
            yield _does_not_fit(look, workshop, day, day.start + dt.timedelta(minutes=planned))


def least(session: SessionEntry) -> int:
    """The minutes a session takes at the least: its own duration, else what is known of its parts."""
    if session.duration_minutes is not None:
        return session.duration_minutes
    return sum(least(part) for part in session.parts)


def is_known(session: SessionEntry) -> bool:
    return session.duration_minutes is not None


def _minutes(span: dt.timedelta) -> int:
    return int(span.total_seconds() // 60)


def _does_not_fit(look: Look, workshop: WorkshopEntry, day: DayEntry, ends: dt.datetime) -> Finding:
    zones = look.programme.conference.zones
    start, closes = day.start or ends, day.end or ends
    is_short = ends < closes

    def message() -> str:
        return _fit_sentence(is_short) % {
            "day": day_name(workshop, day),
            "planned": in_minutes(_minutes(ends - start)),
            "room": in_minutes(_minutes(closes - start)),
            "ends": moment(ends, zones, day.date),
            "closes": moment(closes, zones, day.date),
        }

    return Finding(
        "agenda-shorter-than-day" if is_short else "agenda-longer-than-day",
        Severity.WARNING,
        in_each_language(message),
        (day_place(workshop, day), session_place(workshop, day, day.sessions[-1])),
        _close_at(look, day, ends),
    )


def _fit_sentence(is_short: bool) -> str:
    if is_short:
        return gettext(
            "%(day)s: the agenda fills %(planned)s, the day has %(room)s. "
            "The last item ends at %(ends)s, the day at %(closes)s."
        )
    return gettext(
        "%(day)s: the agenda needs %(planned)s, the day has only %(room)s. "
        "The last item ends at %(ends)s, the day already at %(closes)s."
    )


def _close_at(look: Look, day: DayEntry, ends: dt.datetime) -> Proposal | None:
    """A day cannot close after midnight."""
    zones = look.programme.conference.zones
    local = ends.astimezone(ZoneInfo(zones[0].name))
    if local.date() != day.date or ends == day.start:
        return None
    label = in_each_language(
        lambda: (
            gettext("Let the day end with its agenda, at %(ends)s") % {"ends": moment(ends, zones, day.date)}
        )
    )
    return Proposal(f"close-day:{day.id}:{local:%H:%M}", label)


def parts_fit_parent(look: Look) -> Iterator[Finding]:
    for workshop, day, session in look.sessions():
        if session.duration_minutes is None or not session.parts:
            continue
        needed = sum(least(part) for part in session.parts)
        if needed > session.duration_minutes:
            yield _parts_exceed(workshop, day, session, needed)


def _parts_exceed(workshop: WorkshopEntry, day: DayEntry, session: SessionEntry, needed: int) -> Finding:
    def message() -> str:
        return gettext(
            "%(day)s: “%(session)s” lasts %(room)s, but its parts need %(needed)s, %(over)s more."
        ) % {
            "day": day_name(workshop, day),
            "session": session_name(session),
            "room": in_minutes(session.duration_minutes or 0),
            "needed": in_minutes(needed),
            "over": in_minutes(needed - (session.duration_minutes or 0)),
        }

    return Finding(
        "parts-exceed-parent",
        Severity.WARNING,
        in_each_language(message),
        (
            session_place(workshop, day, session),
            *(session_place(workshop, day, part) for part in session.parts),
        ),
        _shorten(session),
    )


def _shorten(session: SessionEntry) -> Proposal | None:
    """Each part gives up its share. Parts whose length is only the sum of their own parts are left to a person."""
    known = [part for part in session.parts if part.duration_minutes is not None]
    room = session.duration_minutes or 0
    if len(known) != len(session.parts) or len(known) > room or any(part.parts for part in known):
        return None
    lengths = shares([part.duration_minutes or 0 for part in known], room)
    label = in_each_language(
        lambda: (
            gettext("Shorten the parts of “%(session)s” to %(lengths)s minutes")
            % {"session": said(session.title), "lengths": " + ".join(str(length) for length in lengths)}
        )
    )
    new = ",".join(f"{part.id}={length}" for part, length in zip(known, lengths, strict=True))
    return Proposal(f"shorten-parts:{session.id}:{new}", label)


def shares(lengths: list[int], room: int) -> list[int]:
    """Whole minutes in the proportion of `lengths` that fill `room`; at least one minute each."""
    total = sum(lengths)
    exact = [max(1.0, length * room / total) for length in lengths]
    shared = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda index: exact[index] - shared[index], reverse=True)
    for index in by_rest[: max(0, room - sum(shared))]:
        shared[index] += 1
    while sum(shared) > room:
        shared[shared.index(max(shared))] -= 1
    return shared
