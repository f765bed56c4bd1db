"""The programme as PDF: drawn beside a bare WeasyPrint call on the same HTML, and served from the cache."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from ..bench import Bench
from ..figures import Check, Comparison, Measured, Row
from ..processes import BenchError
from ..site import Site

_OF_THE_BARE_CALL, _CACHED = 1.3, 0.1
_PATH = "/programme.pdf?lang=de"
_LANGUAGES = ("de", "both")
_PATIENCE = 120


def measure(bench: Bench) -> list[Row]:
    rounds = 2 if bench.short else bench.rounds
    with bench.site("small") as site:
        drawn = _drawn(site.python("scripts.bench.inside.pdf", rounds, *_LANGUAGES))
        bare = min(1 / median(run.rate for run in each.floor) for each in drawn.values())
        with site.worker():
            cached = [_first_after_a_release(site, bare) for _round in range(1 if bench.short else 3)]
    worst = min(drawn, key=lambda language: drawn[language].ratio)
    checks = [
        Check.ratio("of the bare WeasyPrint call", 1 / drawn[worst].ratio, at_most=_OF_THE_BARE_CALL),
        Check.ratio("from the cache after a release, of drawing it", median(cached), at_most=_CACHED),
    ]
    figures = {language: compared.as_json() for language, compared in drawn.items()}
    return [Row("pdf", "programme PDF", checks, {**figures, "cached": cached})]


def _drawn(runs: dict[str, dict[str, list[float]]]) -> dict[str, Comparison]:
    """From seconds of processor time: both calls are nothing else."""
    return {
        language: Comparison(
            [Measured(1 / seconds, seconds) for seconds in times["ours"]],
            [Measured(1 / seconds, seconds) for seconds in times["bare"]],
        )
        for language, times in runs.items()
    }


def _first_after_a_release(site: Site, bare: float) -> float:
    """How long a reader waits who comes when the newest programme's PDF is there, as a part of drawing it."""
    former = site.get(_PATH).body
    site.python("scripts.bench.inside.release")
    ends = time.monotonic() + _PATIENCE
    while site.get(_PATH).body == former:
        if time.monotonic() > ends:
            raise BenchError(f"{_PATH} stays as it was before the release")
        time.sleep(0.2)
    return median(_seconds(site) for _each in range(5)) / bare


def _seconds(site: Site) -> float:
    started: float = time.perf_counter()
    answer: Any = site.get(_PATH)
    if answer.status != 200:
        raise BenchError(f"{_PATH} answers {answer.status}")
    return time.perf_counter() - started
