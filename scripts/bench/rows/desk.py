"""The admin's lists and its start page: queries, time and whether they stay the same as registrations come."""

from __future__ import annotations

from statistics import median
from typing import Any

from ..bench import Bench
from ..figures import Check, Row

_QUERIES, _MILLISECONDS, _FLAT = 12, 200, 1.5
# What a page takes in any case; below it a ratio says nothing.
_LEAST = 20.0


def measure(bench: Bench) -> list[Row]:
    small = "small" if bench.short else "middle"
    readers = ["owner"] if bench.short else []
    few, many = (_calls(bench, size, readers) for size in (small, "full"))
    growth = {page: max(_LEAST, many[page]["ms"]) / max(_LEAST, few[page]["ms"]) for page in many}
    checks = [
        Check("queries of the longest list", max(call["queries"] for call in many.values()), _QUERIES),
        Check(
            "server time of the slowest",
            max(call["ms"] for call in many.values()),
            _MILLISECONDS,
            "ms",
            wide=None,
        ),
        Check.ratio(
            f"time with {bench.people:,} registrations, of that with few, median of the pages",
            median(growth.values()),
            at_most=_FLAT,
        ),
    ]
    slowest = sorted(many, key=lambda page: many[page]["ms"], reverse=True)[:5]
    figures = {"pages": len(many), "slowest": {page: many[page] for page in slowest}, "growth": growth}
    what = f"admin lists and start page with {bench.people:,} registrations"
    return [Row("desk", what, checks, figures)]


def _calls(bench: Bench, size: str, readers: list[str]) -> dict[str, dict[str, Any]]:
    with bench.database(size) as url:
        found: dict[str, dict[str, Any]] = bench.inside(url, "scripts.bench.inside.desk", *readers)
        return found
