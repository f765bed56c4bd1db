"""Two releases that never were, for the preview of the mail that tells what has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.domain.snapshot import to_snapshot
from workshops.models import Release, Workshop

_A_DAY = dt.timedelta(days=1)
# No release has such a number: whoever publishes at this moment must not wait for the preview.
_NO_RELEASE = 1_000_000_000


def example_change(*, workshop: Workshop) -> dict[str, int | list[int]]:
    """The facts of a message, as if the workshop had been announced for the day before; to be rolled back.

    Empty where the programme cannot be released as it stands: the preview then has no example.
    """
    try:
        now = build_programme(conference=workshop.conference)
    except WallClockError:
        return {}
    entries = (_before(entry) if entry.id == workshop.pk else entry for entry in now.workshops)
    since = _release(workshop, _NO_RELEASE, replace(now, workshops=tuple(entries)))
    release = _release(workshop, _NO_RELEASE + 1, now)
    return {"release": release.pk, "since": since.pk, "workshops": [workshop.pk]}


def _release(workshop: Workshop, number: int, programme: Programme) -> Release:
    snapshot = to_snapshot(programme)
    return Release.objects.create(conference=workshop.conference, number=number, snapshot=snapshot)


def _before(entry: WorkshopEntry) -> WorkshopEntry:
    """Without a day that could have been another one, under another title."""
    if not entry.days:
        return replace(entry, title=dict.fromkeys(entry.title, "…"))
    return replace(entry, days=(_day_before(entry.days[0]), *entry.days[1:]))


def _day_before(day: DayEntry) -> DayEntry:
    sessions = tuple(_session_before(session) for session in day.sessions)
    return replace(
        day, date=day.date - _A_DAY, start=_earlier(day.start), end=_earlier(day.end), sessions=sessions
    )


def _session_before(session: SessionEntry) -> SessionEntry:
    parts = tuple(_session_before(part) for part in session.parts)
    return replace(session, start=_earlier(session.start), end=_earlier(session.end), parts=parts)


def _earlier(moment: dt.datetime | None) -> dt.datetime | None:
    return moment - _A_DAY if moment else None
