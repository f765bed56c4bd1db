"""The capacity model: by hand for round figures, and what must always be true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.bench.model import SAFE, Costs, Day, Plant, Resource, most_people, resources, table

pytestmark = pytest.mark.sqlite
COSTS = Costs(
    page=0.001,
    way_web=0.02,
    way_database=0.01,
    way_cache=0.0001,
    letter_worker=0.002,
    letter_database=0.001,
    turn=0.004,
    bytes=10_000,
)
DAY = Day(people=36_000, busiest=0.1, burst=2, pages=5, cdn=0.8, letters=5, in_one_workshop=0.5)
PLANT = Plant(nodes=1, database_cores=2, connections=22)


def test_a_days_busiest_minute_and_hour() -> None:
    assert (DAY.rate, DAY.letter_rate) == (2.0, 5.0)


def test_how_busy_each_part_is() -> None:
    assert resources(plant=PLANT, costs=COSTS, day=DAY) == [
        Resource("connections to the database", 0.5),
        Resource("processors of the web nodes", pytest.approx(0.021)),
        Resource("processors of the database", pytest.approx(0.0125)),
        Resource("mail workers", 0.01),
        Resource("the row of the most wanted workshop", 0.004),
        Resource("the database’s disk", pytest.approx(36_000 * 10_000 / (100 * 2**30))),
        Resource("the cache’s one processor", pytest.approx(0.0002)),
    ]


def test_what_does_not_grow_with_the_people_may_break_it_all_the_same() -> None:
    assert most_people(plant=replace(PLANT, nodes=10), costs=COSTS, day=DAY) == 0
    assert most_people(plant=replace(PLANT, nodes=10, pooler=True), costs=COSTS, day=DAY) > 0


@given(people=st.floats(1, 1e7), nodes=st.integers(1, 50))
def test_the_most_that_it_bears_is_just_safe(people: float, nodes: int) -> None:
    plant = Plant(nodes=nodes, pooler=True)
    day = replace(DAY, people=people)
    most = most_people(plant=plant, costs=COSTS, day=day)
    [busiest, *_others] = resources(plant=plant, costs=COSTS, day=replace(day, people=most))
    assert busiest.busy == pytest.approx(SAFE)


def test_the_table_names_what_breaks_first() -> None:
    first, second, *_rest = table(costs=COSTS, day=Day()).splitlines()[2:]
    assert first.startswith("| 1 web node, database beside it | 550,000 people |")
    assert second.startswith("| 10 web nodes | none: it does not start | connections to the database")
