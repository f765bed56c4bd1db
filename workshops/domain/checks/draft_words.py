"""How findings name what a draft says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext

from workshops.clocks import Zone
from workshops.domain.checks.finding import Place, in_each_language
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import DraftSession, DraftWorkshop, OverviewRow
from workshops.languages import CODES
from workshops.templatetags.texts import short_date

date_name = short_date


def times_text(times: Times, zones: tuple[Zone, ...]) -> str:
    """As the hosts label their clocks: "13:00–15:00 CET / 14:00–16:00 TRT"."""
    said = ((times.home, zones[0]), (times.partner, zones[1]))
    return " / ".join(f"{_span(span)} {zone.label}" for span, zone in said if span is not None)


def _span(span: Span) -> str:
    return f"{span.start:%H:%M}–{span.end:%H:%M}" if span.end else f"{span.start:%H:%M}"


def draft_name(workshop: DraftWorkshop) -> str:
    return f"{workshop.title} ({workshop.number})" if workshop.number else workshop.title


def agenda_name(workshop: DraftWorkshop, date: dt.date) -> str:
    return f"{draft_name(workshop)}, {short_date(date)}"


def line_place(text: str, line: int) -> Place:
    """A line, quoted as the draft has it."""
    return Place(dict.fromkeys(CODES, text), line=line)


def overview_place(row: OverviewRow, zones: tuple[Zone, ...]) -> Place:
    return _place(row.line, lambda: _joined(gettext("Overview"), row.title, times_text(row.times, zones)))


def page_place(workshop: DraftWorkshop, line: int, times: Times, zones: tuple[Zone, ...]) -> Place:
    return _place(line, lambda: _joined(draft_name(workshop), times_text(times, zones)))


def session_line(session: DraftSession, zones: tuple[Zone, ...]) -> Place:
    return _place(session.line, lambda: _joined(times_text(session.times, zones), session.title))


def _place(line: int, write: Callable[[], str]) -> Place:
    return Place(in_each_language(write), line=line)


def _joined(*parts: str) -> str:
    return ": ".join(part for part in parts if part)
