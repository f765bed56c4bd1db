"""The table, the picture, and the page they stand in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from scripts.bench import plot, table
from scripts.bench.figures import Check, Row, row_from_json
from scripts.bench.processes import BenchError

pytestmark = pytest.mark.sqlite

ROWS = [
    Row("schedule", "schedule page", [Check.ratio("of it", 0.7, at_least=0.6), Check("queries", 0, 0)]),
    Row("start", "`make run`", [Check("ready", 45, 30, "s")]),
]
ENVIRONMENT = {
    "date": "2026-06-15",
    "commit": "abcdef",
    "processor": "Some CPU",
    "cores": 2,
    "python": "3.11",
    "django": "5.2",
    "postgresql": "15.1",
    "gunicorn": "23.0",
    "worker class": "sync",
    "web workers": 2,
    "connections": 16,
    "registrations": 100_000,
    "rounds": 5,
}
DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def test_the_table_says_what_was_to_be_reached_and_which_rows_hold() -> None:
    lines = table.markdown(ROWS, ENVIRONMENT).splitlines()
    assert lines[2:4] == [
        "| schedule page | of it: at least 60%<br>queries: at most 0 | 70%<br>0 | yes |",
        "| `make run` | ready: at most 30 s | **150% of 30 s** | **no** |",
    ]
    assert "2 cores of Some CPU" in lines[-1]


def test_in_the_terminal_each_figure_has_a_line() -> None:
    lines = [line.split() for line in table.plain(ROWS).splitlines()]
    assert lines[1:] == [
        ["schedule", "of", "it", "at", "least", "60%", "70%"],
        ["queries", "at", "most", "0", "0"],
        ["start", "ready", "at", "most", "30", "s", "150%", "of", "30", "s", "NO"],
    ]


def test_only_what_stands_between_the_marks_is_rewritten() -> None:
    page = f"before\n{table.BEGINS}\nformer\n{table.ENDS}\nafter\n"
    assert table.put_into(page, "new") == f"before\n{table.BEGINS}\nnew\n{table.ENDS}\nafter\n"


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(BenchError, match="lost the marks"):
        table.put_into("nothing", "new")


def test_the_picture_says_in_words_what_it_shows() -> None:
    drawn = fromstring(plot.picture(ROWS))
    names = {element.tag.rpartition("}")[2]: element.text for element in drawn}
    assert (
        names["desc"]
        == plot.description(ROWS)
        == (
            "schedule, of it: 70%, holds. schedule, queries: 0, holds. start, ready: 150% of 30 s, does not hold."
        )
    )
    assert drawn.get("role") == "img"


def test_a_bar_is_as_long_as_its_limit_is_kept() -> None:
    bars = [e for e in fromstring(plot.picture(ROWS)).iter() if e.tag.endswith("}rect")]
    kept = [(bar.get("class"), int(bar.get("width") or 0)) for bar in bars]
    assert kept == [("holds", 132), ("holds", 113), ("fails", 76)]


def test_the_page_shows_the_figures_that_were_kept() -> None:
    kept = json.loads((DOCS / "performance.json").read_text())
    rows = [row_from_json(row) for row in kept["rows"]]
    page = (DOCS / "performance.md").read_text()
    assert table.put_into(page, table.markdown(rows, kept["environment"])) == page
    assert (DOCS / "performance.svg").read_text() == plot.picture(rows)
