"""Whether the two clocks of a draft show the same moment, for the date at hand, in each place and between places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from workshops.clocks import Zone
from workshops.domain.checks.draft_look import DraftLook, walk
from workshops.domain.checks.draft_words import (
    agenda_name,
    date_name,
    overview_place,
    page_place,
    session_line,
    times_text,
)
from workshops.domain.checks.finding import Finding, Severity, in_each_language
from workshops.domain.checks.words import apart
from workshops.domain.draft.times import Span, Times
from workshops.domain.draft.values import DraftDay, DraftSession, DraftWorkshop, OverviewRow


def on_clock(span: Span, date: dt.date, source: Zone, target: Zone) -> Span:
    """What one clock shows while the other shows `span`; an end before its start is the next day's."""
    start = dt.datetime.combine(date, span.start, tzinfo=ZoneInfo(source.name))
    shown = start.astimezone(ZoneInfo(target.name)).time()
    if span.end is None:
        return Span(shown)
    later = date if span.end > span.start else date + dt.timedelta(days=1)
    end = dt.datetime.combine(later, span.end, tzinfo=ZoneInfo(source.name))
    return Span(shown, end.astimezone(ZoneInfo(target.name)).time())


def differ(one: Span | None, other: Span | None) -> bool:
    """Where only one of them names an end, only the beginnings can contradict each other."""
    if one is None or other is None:
        return False
    return one.start != other.start or (None not in {one.end, other.end} and one.end != other.end)


def clocks_differ(times: Times, date: dt.date, zones: tuple[Zone, ...]) -> bool:
    """Whether a place contradicts itself: its two times are not the same moment on that date."""
    return times.home is not None and differ(on_clock(times.home, date, zones[0], zones[1]), times.partner)


def right_times(times: Times, date: dt.date, zones: tuple[Zone, ...]) -> Times:
    """Both clocks as they follow from the home clock's time, or from the partner's where that is the only one."""
    home = times.home or (on_clock(times.partner, date, zones[1], zones[0]) if times.partner else None)
    return Times(home, on_clock(home, date, zones[0], zones[1])) if home else Times()


def offset(date: dt.date, zones: tuple[Zone, ...]) -> int:
    """Minutes between the two clocks at midday."""
    midday = dt.datetime.combine(date, dt.time(12), tzinfo=dt.UTC)
    first, second = (
        midday.astimezone(ZoneInfo(zone.name)).utcoffset() or dt.timedelta() for zone in zones[:2]
    )
    return int((second - first).total_seconds() // 60)


# An overview's row and the workshop's own page


@dataclass(frozen=True)
class Pair:
    """What an overview's row and the page say about one date; either may be silent."""

    date: dt.date
    workshop: DraftWorkshop
    page: Times
    page_line: int
    row: OverviewRow | None = None

    @property
    def overview(self) -> Times:
        return self.row.times if self.row else Times()

    def contradict(self, zones: tuple[Zone, ...]) -> bool:
        return (
            clocks_differ(self.overview, self.date, zones)
            or clocks_differ(self.page, self.date, zones)
            or (self.is_crossed and self.disagree(zones))
        )

    @property
    def is_crossed(self) -> bool:
        """One place names the home clock only, the other the partner's only."""
        one, other = self.overview, self.page
        return (
            bool(one)
            and bool(other)
            and not (one.home and other.home)
            and not (one.partner and other.partner)
        )

    def disagree(self, zones: tuple[Zone, ...]) -> bool:
        one, other = (right_times(times, self.date, zones) for times in (self.overview, self.page))
        return differ(one.home, other.home)


def pairs(look: DraftLook) -> Iterator[Pair]:
    """Each date of each workshop, once, with the row of the overview that announces it."""
    rows = {id(workshop): row for row, workshop in look.rows if workshop is not None}
    for workshop, day in look.days():
        row = rows.get(id(workshop))
        announced = row if row is not None and (not row.dates or day.date in row.dates) else None
        yield Pair(day.date, workshop, day.times, day.line, announced)


def clocks_agree(look: DraftLook) -> Iterator[Finding]:
    """Once for a line, however many dates it names."""
    told = set()
    for pair in pairs(look):
        key = (pair.page_line, pair.row.line if pair.row else 0)
        if key not in told and pair.contradict(look.zones):
            told.add(key)
            yield _contradiction(look, pair)
    yield from _rows_alone(look)
    for workshop, day in look.days():
        wrong = [s for top in day.sessions for s in walk(top) if clocks_differ(s.times, day.date, look.zones)]
        if wrong:
            yield _agenda_contradiction(look, workshop, day, wrong)


def _contradiction(look: DraftLook, pair: Pair) -> Finding:
    def message() -> str:
        known = {
            "workshop": agenda_name(pair.workshop, pair.date),
            "overview": times_text(pair.overview, look.zones),
            "page": times_text(pair.page, look.zones),
        } | _right(look, pair.page or pair.overview, pair.date)
        if pair.row is None or not pair.overview:
            return (
                gettext(
                    "%(workshop)s: the two clocks contradict each other. The workshop’s page says “%(page)s”. "
                    "On that date they are %(apart)s apart: %(right)s."
                )
                % known
            )
        return (
            gettext(
                "%(workshop)s: the two clocks contradict each other. The overview says “%(overview)s”, "
                "the workshop’s own page “%(page)s”. On that date they are %(apart)s apart: %(right)s."
            )
            % known
        )

    page = page_place(pair.workshop, pair.page_line, pair.page, look.zones)
    places = (page,) if pair.row is None else (overview_place(pair.row, look.zones), page)
    return Finding("clocks-disagree", Severity.WARNING, in_each_language(message), places)


def _right(look: DraftLook, times: Times, date: dt.date) -> dict[str, str]:
    return {
        "apart": apart(offset(date, look.zones)),
        "right": times_text(right_times(times, date, look.zones), look.zones),
    }


def _rows_alone(look: DraftLook) -> Iterator[Finding]:
    """Rows whose dates the workshop's page does not name."""
    for row, workshop in look.rows:
        dates = {day.date for day in workshop.days} if workshop else set()
        wrong = [d for d in row.dates if d not in dates and clocks_differ(row.times, d, look.zones)]
        if wrong:
            yield _row_contradiction(look, row, wrong[0])


def _row_contradiction(look: DraftLook, row: OverviewRow, date: dt.date) -> Finding:
    message = in_each_language(
        lambda: (
            gettext(
                "Overview, “%(title)s”, %(date)s: the two clocks contradict each other (“%(overview)s”). "
                "On that date they are %(apart)s apart: %(right)s."
            )
            % {
                "title": row.title,
                "date": date_name(date),
                "overview": times_text(row.times, look.zones),
                **_right(look, row.times, date),
            }
        )
    )
    return Finding("clocks-disagree", Severity.WARNING, message, (overview_place(row, look.zones),))


def _agenda_contradiction(
    look: DraftLook, workshop: DraftWorkshop, day: DraftDay, wrong: list[DraftSession]
) -> Finding:
    first = wrong[0]
    message = in_each_language(
        lambda: (
            ngettext(
                "%(workshop)s: the two clocks contradict each other in %(count)d item of the agenda: "
                "“%(title)s” (“%(said)s”). On that date they are %(apart)s apart: %(right)s.",
                "%(workshop)s: the two clocks contradict each other in %(count)d items of the agenda, first in "
                "“%(title)s” (“%(said)s”). On that date they are %(apart)s apart: %(right)s.",
                len(wrong),
            )
            % {
                "workshop": agenda_name(workshop, day.date),
                "count": len(wrong),
                "title": first.title,
                "said": times_text(first.times, look.zones),
                **_right(look, first.times, day.date),
            }
        )
    )
    places = tuple(session_line(session, look.zones) for session in wrong)
    return Finding("clocks-disagree", Severity.WARNING, message, places)
