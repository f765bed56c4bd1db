"""A programme whose parts fit together has no finding, whatever its dates, lengths and people."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.checks.programmes import (
    ZONES,
    appears,
    codes,
    day,
    draft,
    drafted,
    findings,
    house,
    in_order,
    item,
    programme,
    speaker,
    times,
    workshop,
)
from workshops.domain.checks.check_draft import check_draft
from workshops.domain.checks.draft_clocks import on_clock
from workshops.domain.draft.times import Span, Times
from workshops.domain.programme import SessionEntry, WorkshopEntry

pytestmark = pytest.mark.sqlite

DATES = st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31))
LENGTHS = st.lists(st.integers(5, 45), min_size=1, max_size=6)
OPENS = 6 * 60


def clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60, minutes % 60)


# Of each workshop its items: how long, with parts, with a person.
PLANS = st.lists(
    st.lists(st.tuples(st.integers(5, 45), st.booleans(), st.booleans()), min_size=1, max_size=6),
    min_size=1,
    max_size=3,
)
Plan = list[list[tuple[int, bool, bool]]]
NAMES = ("Ada Arı", "Berk Boz", "Cem Can", "Deniz Dal", "Emre Er", "Filiz Fer", "Gül Gök", "Hasan Han")


def made_of(plan: Plan, date: dt.date) -> list[WorkshopEntry]:
    """One workshop after the other on one day, of one host; people go on from one to the next."""
    host, people = house("staedtetag", kind="host"), itertools.cycle(NAMES)
    starts, found = OPENS, []
    for items in plan:
        ends = starts + sum(minutes for minutes, _, _ in items)
        entries = [_item(minutes, parts, next(people) if person else "") for minutes, parts, person in items]
        opened = day(*entries, date=date, opens=f"{clock(starts):%H:%M}", closes=f"{clock(ends):%H:%M}")
        found.append(workshop(opened, hosts=(host,)))
        starts = ends
    return found


def _item(minutes: int, with_parts: bool, name: str) -> SessionEntry:
    who = [appears(speaker(*name.split(), house("bursa")))] if name else []
    parts = (item(5, *who), item(minutes - 5)) if with_parts and minutes > 5 else ()
    return item(minutes, *who, parts=parts)


@settings(max_examples=40, deadline=None)
@given(DATES, PLANS)
def test_a_consistent_programme_has_no_findings(date: dt.date, plan: Plan) -> None:
    assert codes(findings(*made_of(plan, date), starts_on=date, ends_on=date)) == []


@settings(max_examples=40, deadline=None)
@given(DATES, PLANS, st.integers(-30, 30).filter(bool))
def test_it_has_one_where_a_day_is_longer_or_shorter_than_its_agenda(
    date: dt.date, plan: Plan, minutes: int
) -> None:
    *others, last = made_of(plan, date)
    whole = last.days[0]
    end = whole.end + dt.timedelta(minutes=minutes)
    assume(end > whole.start)
    changed = replace(last, days=(replace(whole, end=end),))
    code = "agenda-shorter-than-day" if minutes > 0 else "agenda-longer-than-day"
    assert codes(findings(*others, changed, starts_on=date, ends_on=date)) == [("warning", code)]


@settings(max_examples=40, deadline=None)
@given(DATES, LENGTHS, st.booleans())
def test_a_consistent_draft_has_no_findings(date: dt.date, lengths: list[int], with_overview: bool) -> None:
    starts = OPENS
    items = []
    for number, minutes in enumerate(lengths):
        items.append(drafted(30 + number, both(Span(clock(starts)), date), minutes))
        starts += minutes
    when = both(Span(clock(OPENS), clock(starts)), date)
    made = draft(when, *items, date=date, overview=when if with_overview else None)
    beside = programme(in_order(title={"de": "Anderes", "tr": "Başka", "en": "Other"}))
    assert codes(check_draft(draft=made, programme=beside)) == []


@settings(max_examples=40, deadline=None)
@given(DATES, st.integers(-180, 180).filter(bool))
def test_a_draft_whose_second_clock_is_off_has_one(date: dt.date, minutes: int) -> None:
    right = both(Span(dt.time(10)), date)
    wrong = dt.datetime.combine(date, right.partner.start) + dt.timedelta(minutes=minutes)
    made = draft(Times(right.home, Span(wrong.time())), date=date)
    beside = programme(in_order(title={"de": "Anderes", "tr": "Başka", "en": "Other"}))
    assert codes(check_draft(draft=made, programme=beside)) == [("warning", "clocks-disagree")]


def both(home: Span, date: dt.date) -> Any:
    return Times(home, on_clock(home, date, ZONES[0], ZONES[1])) if home else times()
