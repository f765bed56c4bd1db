"""Whatever is changed is said, nothing else is, and every time stands on both clocks."""

from __future__ import annotations

import re
from dataclasses import replace

from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.releases.plans import SLOW, Change, base, built, changed, changes
from workshops.domain.differences import Difference, differences, grouped, in_words
from workshops.domain.programme import Programme, SessionEntry, WorkshopEntry
from workshops.domain.snapshot import to_snapshot
from workshops.languages import CODES


def plain(programme: Programme) -> object:
    """What the public would see: without the numbers of items, which follow from their order."""
    return to_snapshot(replace(programme, workshops=tuple(_without_numbers(w) for w in programme.workshops)))


def _without_numbers(workshop: WorkshopEntry) -> WorkshopEntry:
    def bare(session: SessionEntry) -> SessionEntry:
        return replace(session, number="", parts=tuple(map(bare, session.parts)))

    days = (replace(day, sessions=tuple(map(bare, day.sessions))) for day in workshop.days)
    return replace(workshop, days=tuple(days))


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.lists(changes(), min_size=1, max_size=4))
def test_something_is_said_exactly_where_something_differs(made: list[Change]) -> None:
    before, after = built(base()), built(changed(base(), *made))
    assert bool(differences(before=before, after=after)) == (plain(before) != plain(after))


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.lists(changes(), max_size=4), st.lists(changes(), max_size=3))
def test_every_sentence_is_whole_in_every_language_and_has_both_clocks(
    first: list[Change], second: list[Change]
) -> None:
    plan = changed(base(), *first)
    found = differences(before=built(plan), after=built(changed(plan, *second)))
    for code in CODES:
        with override(code):
            for difference in found:
                sentence = in_words(difference)
                assert sentence.endswith(".")
                assert "%(" not in sentence
                assert len(re.findall(r"\bCET\b", sentence)) == len(re.findall(r"\bTRT\b", sentence))


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.lists(changes(), max_size=4))
def test_groups_lose_nothing_and_keep_the_programmes_order(made: list[Change]) -> None:
    found = differences(before=built(base()), after=built(changed(base(), *made)))
    groups = grouped(found)
    assert sorted(map(id, found)) == sorted(id(item) for group in groups for item in group.items)
    assert len({group.workshop_id for group in groups}) == len(groups)


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.lists(changes(), max_size=4))
def test_no_time_of_an_item_is_said_twice(made: list[Change]) -> None:
    found = differences(before=built(base()), after=built(changed(base(), *made)))
    timed = [item for item in found if item.code in {"session-retimed", "following-shifted"}]
    assert len({_name(item) for item in timed}) == len(timed)


def _name(difference: Difference) -> int:
    assert difference.session is not None
    return difference.session.id
