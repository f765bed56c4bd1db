"""What becomes of measurements: ratios by round, limits, and what the short form lets pass."""

from __future__ import annotations

import math

import pytest

from scripts.bench.figures import Check, Comparison, Measured, Row, alternate, row_from_json

pytestmark = pytest.mark.sqlite


def test_floor_and_subject_take_turns_and_are_paired_by_round() -> None:
    order: list[str] = []
    rates = iter([100, 50, 200, 160, 100, 90])

    def run(name: str) -> float:
        order.append(name)
        return next(rates)

    compared = alternate(lambda: run("subject"), lambda: run("floor"), rounds=3)
    assert order == ["floor", "subject"] * 3
    assert compared.ratios == [0.5, 0.8, 0.9]
    assert compared.ratio == 0.8


def test_one_disturbed_round_does_not_change_the_ratio() -> None:
    quiet, disturbed = Measured(80), Measured(1)
    compared = Comparison([quiet, disturbed, quiet], [Measured(100)] * 3)
    assert compared.ratio == 0.8


def test_processor_time_is_compared_where_it_was_measured() -> None:
    ours, bare = Measured(10, processor=0.004), Measured(10, processor=0.001)
    assert Comparison([ours], [bare]).processor_ratio == 0.25
    assert Comparison([Measured(10)], [bare]).processor_ratio is None


def test_processor_time_is_kept_by_the_server_that_spent_it() -> None:
    runs = [Measured.in_parts(10, {"web": seconds, "database": 0.25}) for seconds in (0.5, 0.75, 9.0)]
    assert [run.processor for run in runs] == [0.75, 1.0, 9.25]
    kept = Comparison(runs, [Measured(10)] * 3).as_json()
    assert kept["subject"]["median_parts"] == {"web": 0.75, "database": 0.25}
    assert "median_parts" not in kept["floor"]


@pytest.mark.parametrize(
    ("check", "holds", "widely"),
    [
        (Check.ratio("", 0.6, at_least=0.6), True, True),
        (Check.ratio("", 0.59, at_least=0.6), False, True),
        (Check.ratio("", 0.29, at_least=0.6), False, False),
        (Check.ratio("", 1.3, at_most=1.3), True, True),
        (Check.ratio("", 2.61, at_most=1.3), False, False),
        (Check("", 1, 0), False, False),
        (Check("", 0, 0), True, True),
        (Check("", 31, 30, "s", wide=None), False, True),
        (Check("", math.inf, 2, "s"), False, False),
        (Check("", math.nan, 2, "s"), False, False),
    ],
)
def test_a_limit_holds_exactly_and_in_the_short_form_widely(check: Check, holds: bool, widely: bool) -> None:
    assert (check.holds, check.holds_widely) == (holds, widely)


@pytest.mark.parametrize(
    ("check", "to_reach", "reached"),
    [
        (Check.ratio("", 0.7234, at_least=0.6), "at least 60%", "72%"),
        (Check.ratio("", 1.234, at_most=1.3), "at most 1.30 ×", "1.23 ×"),
        (Check("", 11, 12), "at most 12", "11"),
        (Check("", 0.5, 2.0, "s"), "at most 2 s", "25% of 2 s"),
        (Check("", 45, 200, "MB"), "at most 200 MB", "22% of 200 MB"),
        (Check("", math.inf, 2, "s"), "at most 2 s", "not reached"),
        (Check("", math.nan, 2, "s"), "at most 2 s", "not measured"),
    ],
)
def test_no_time_stands_there_on_its_own(check: Check, to_reach: str, reached: str) -> None:
    assert (check.to_reach, check.reached) == (to_reach, reached)


def test_a_row_holds_when_all_its_figures_do() -> None:
    good, poor = Check("", 0, 0), Check("", 1, 0)
    assert [Row("", "", checks).holds for checks in ([good, good], [good, poor], [])] == [True, False, False]


def test_a_row_is_the_same_after_it_was_kept() -> None:
    row = Row(
        "start",
        "make run",
        [Check("ready", 12.5, 30, "s"), Check.ratio("of it", 0.7, at_least=0.6)],
        {"n": 1},
    )
    assert row_from_json(row.as_json()) == row
