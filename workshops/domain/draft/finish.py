"""What only the whole draft tells: which clock bare times are on, and when a day begins of which only items say so."""

from __future__ import annotations

from collections.abc import Sequence

from workshops.domain.draft.agenda import Agenda
from workshops.domain.draft.times import Span, Times, later
from workshops.domain.draft.values import Draft, DraftDay, DraftSession


def finish(draft: Draft, agendas: Sequence[Agenda]) -> None:
    for agenda in agendas:
        _settle_clocks(agenda)
    for workshop in draft.workshops:
        for day in workshop.days:
            day.times = day.times or _times_of(day)
    days = [day.date for workshop in draft.workshops for day in workshop.days]
    if draft.first_day is None and days:
        draft.first_day, draft.last_day = min(days), max(days)


def _settle_clocks(agenda: Agenda) -> None:
    """Bare times are the home clock's, unless the first of them is when the day opens on the partner's."""
    home, partner = agenda.day.times.home, agenda.day.times.partner
    bare = [session for session in agenda.unnamed if session.times.partner is None]
    first = bare[0].times.home if bare else None
    if not (home and partner and first) or home.start == first.start or partner.start != first.start:
        return
    for session in bare:
        session.times = Times(None, session.times.home)


def _times_of(day: DraftDay) -> Times:
    """From the beginning of the first item to the end of the last, on the clocks that both name."""
    if not day.sessions or not day.sessions[0].times:
        return Times()
    first, last = day.sessions[0].times, day.sessions[-1]
    return Times(_span(first.home, last.times.home, last), _span(first.partner, last.times.partner, last))


def _span(first: Span | None, last: Span | None, session: DraftSession) -> Span | None:
    if first is None:
        return None
    if last is None:
        return Span(first.start)
    return Span(first.start, last.end or (later(last.start, session.minutes) if session.minutes else None))
