"""The SEQUENCE of calendar entries over the releases (RFC 5545, section 3.8.7.4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories
from tests.releases.plans import SLOW, Change, Plan, base, built, changed, changes
from workshops.domain.release import release_programme
from workshops.domain.restore_release import restore_release
from workshops.domain.sequence import Sequences, sequence, sequences
from workshops.models import Conference, Release, Workshop, WorkshopDay

START = dt.datetime(2020, 5, 1, tzinfo=dt.UTC)


def at(number: int) -> dt.datetime:
    return START + dt.timedelta(days=number)


def over(*plans: Plan) -> Sequences:
    return sequences((at(number), built(plan)) for number, plan in enumerate(plans))


def history(made: list[list[Change]]) -> list[Plan]:
    plans = [base()]
    for each in made:
        plans.append(changed(plans[-1], *each))
    return plans


def shown(plan: Plan) -> dict[Any, Any]:
    """What a calendar shows of each entry, worked out without the code under test."""
    found: dict[Any, Any] = {}
    for workshop in built(plan).workshops:
        platform = workshop.platform.name if workshop.platform else None
        days = [(day.date, day.start, day.end) for day in workshop.days]
        found["workshop", workshop.id] = (workshop.title, platform, days)
        for day in workshop.days:
            found["day", day.id] = (workshop.title, day.title, platform, day.date, day.start, day.end)
            for session in day.walk():
                found["session", session.id] = (session.title, platform, day.date, session.start, session.end)
    return found


HISTORIES = st.lists(st.lists(changes(), max_size=3), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(HISTORIES)
def test_a_sequence_never_falls_and_rises_exactly_when_the_calendar_shows_something_else(
    made: list[list[Change]],
) -> None:
    plans = history(made)
    for number in range(1, len(plans)):
        before, after = over(*plans[:number]), over(*plans[: number + 1])
        old, new = shown(plans[number - 1]), shown(plans[number])
        rises = {key: after.entries[key].sequence - entry.sequence for key, entry in before.entries.items()}
        assert rises == {key: int(old.get(key) != new.get(key)) for key in before.entries}
        assert {key for key in after.entries if key not in before.entries} == set(new) - set(before.entries)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(HISTORIES)
def test_what_is_not_in_the_programme_is_cancelled_and_keeps_its_last_facts(made: list[list[Change]]) -> None:
    plans = history(made)
    found = over(*plans)
    assert set(found.cancelled()) == {key for plan in plans for key in shown(plan)} - set(shown(plans[-1]))
    for key, entry in found.cancelled().items():
        last = next(plan for plan in reversed(plans) if key in shown(plan))
        assert over(last).entries[key].facts == entry.facts


def test_the_first_release_is_nought_and_the_times_are_those_of_releases() -> None:
    moved = changed(base(), lambda plan: plan["workshops"][0]["days"][0].update(opens="13:00"))
    found = over(base(), base(), moved)
    entry, untouched = found.of("day", 11), found.of("day", 12)
    assert (entry.sequence, entry.created, entry.modified, entry.is_cancelled) == (1, at(0), at(2), False)
    assert (untouched.sequence, untouched.created, untouched.modified) == (0, at(0), at(0))


def test_what_comes_back_rises_once_more() -> None:
    without = changed(base(), lambda plan: plan["workshops"].pop(1))
    gone, back = over(base(), without), over(base(), without, base())
    assert [found.of("workshop", 2).sequence for found in (gone, back)] == [1, 2]
    assert [found.of("workshop", 2).is_cancelled for found in (gone, back)] == [True, False]
    assert gone.of("workshop", 2).facts.workshop["de"] == "Land de"


def test_other_texts_and_people_and_places_count_for_nothing() -> None:
    def edit(plan: Plan) -> None:
        workshop = plan["workshops"][0]
        workshop["capacity"] = 5
        workshop["goals"] = base()["workshops"][0]["title"]
        workshop["days"][0]["sessions"][0]["people"] = []

    found = over(base(), changed(base(), edit))
    assert {entry.sequence for entry in found.entries.values()} == {0}


@pytest.mark.django_db
def test_of_the_releases_of_a_conference(conference: Conference) -> None:
    workshop = factories.make_workshop(conference)
    [day] = workshop.days.all()
    assert sequence(conference=conference) == Sequences()
    first = release_programme(conference=conference)
    WorkshopDay.objects.filter(pk=day.pk).update(opens="10:00")
    release_programme(conference=conference)
    assert sequence(conference=conference).of("day", day.pk).sequence == 1
    restore_release(release=first, by=None)
    third = release_programme(conference=conference)
    found = sequence(conference=conference).of("day", day.pk)
    assert (found.sequence, found.created, found.modified) == (2, first.published_at, third.published_at)
    Workshop.objects.get(pk=workshop.pk).delete()
    release_programme(conference=conference)
    assert set(sequence(conference=conference).cancelled()) == {("workshop", workshop.pk), ("day", day.pk)}
    assert Release.objects.count() == 4
