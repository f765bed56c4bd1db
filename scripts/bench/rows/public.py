"""Public pages beside a bare view that returns the same bytes, and what a new release makes of them."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ..bench import Bench, keep_answer
from ..figures import Check, Comparison, Row, alternate
from ..processes import BenchError
from ..site import Site, Web

_SCHEDULE = "/de/programme/"
_SHORT = {"schedule", "schedule, gzip", "workshop page"}
# By name: the address, and what the reader's program takes.
_PAGES = {
    "schedule": (_SCHEDULE, "identity"),
    "schedule, gzip": (_SCHEDULE, "gzip"),
    "json": ("/programme.json", "identity"),
    "ics": ("/programme.ics", "identity"),
    "xml": ("/programme.xml", "identity"),
    "workshop page": ("/de/workshops/digitale-stadt/", "identity"),
    "speaker page": ("/de/speakers/{speaker}/", "identity"),
}
_SPEAKER = re.compile(rb'href="/de/speakers/([\w-]+)/"')
_SAME_BYTES, _SAME_304 = 0.6, 0.8
_SEEN_SECONDS = 2.0
# The query that asks whether anything has changed, and Django's own whether its connection still works: of each of the
# two processes, which under this load look at the same moment and then both find nothing in the cache.
_A_SECOND = 2 * 2
# What connections begin with, when one of the eight threads asks for the first time.
_SPARE = 24
# By then a backend that does nothing has told the server what it did (PGSTAT_IDLE_INTERVAL).
_STATISTICS_SECONDS = 11
_ALL = "schedule page, complete HTML, both clocks, anonymous"


def measure(bench: Bench) -> list[Row]:
    answers = bench.scratch("answers")
    with bench.site() as site, bench.floor(answers=answers) as floor, bench.databases.still():
        pages = _pages(site, short=bench.short)
        for name, (path, encoding) in pages.items():
            _keep(site, answers, _file(name), path, encoding)
        _warm_up(bench, site, floor, pages)
        before, began = bench.databases.transactions(site.database_url), time.monotonic()
        compared = {
            name: _alternate(
                bench, (site, path), (floor, f"/bytes/{_file(name)}/"), {"Accept-Encoding": encoding}
            )
            for name, (path, encoding) in pages.items()
        }
        unchanged = _compare_unchanged(bench, site, floor)
        time.sleep(_STATISTICS_SECONDS)
        queries = bench.databases.transactions(site.database_url) - before
        surplus = max(0, queries - _A_SECOND * round(time.monotonic() - began) - _SPARE)
        seen = _seconds_until_seen(site)
    return [
        _schedule(compared, surplus, seen),
        Row(
            "304",
            "the same with `If-None-Match`",
            [Check.ratio("of a bare 304", unchanged, at_least=_SAME_304)],
            unchanged.as_json(),
        ),
        _others(compared),
    ]


def _pages(site: Site, *, short: bool) -> dict[str, tuple[str, str]]:
    found = _SPEAKER.search(site.get("/de/speakers/").body)
    speaker = found[1].decode() if found else ""
    pages = {name: (path.format(speaker=speaker), encoding) for name, (path, encoding) in _PAGES.items()}
    return {name: page for name, page in pages.items() if not short or name in _SHORT}


def _file(name: str) -> str:
    return name.replace(", ", "-").replace(" ", "-")


def _keep(site: Site, answers: Path, name: str, path: str, encoding: str) -> None:
    answer = site.get(path, {"Accept-Encoding": encoding})
    if answer.status != 200 or answer.headers.get("Content-Encoding", "identity") != encoding:
        raise BenchError(f"{path} answers {answer.status}, {answer.headers.get('Content-Encoding')}")
    keep_answer(answers, name, answer.body, answer.headers)


def _warm_up(bench: Bench, site: Site, floor: Web, pages: dict[str, tuple[str, str]]) -> None:
    ends = time.monotonic() + _STATISTICS_SECONDS
    for name, (path, encoding) in pages.items():
        for web, address in ((site, path), (floor, f"/bytes/{_file(name)}/")):
            bench.wrk(f"{web.url}{address}", seconds=1, headers={"Accept-Encoding": encoding})
    time.sleep(max(0.0, ends - time.monotonic()))


def _compare_unchanged(bench: Bench, site: Site, floor: Web) -> Comparison:
    etag = site.get(_SCHEDULE, {"Accept-Encoding": "gzip"}).headers["ETag"]
    headers = {"Accept-Encoding": "gzip", "If-None-Match": etag}
    if (status := site.get(_SCHEDULE, headers).status) != 304:
        raise BenchError(f"{_SCHEDULE} answers {status} to its own ETag")
    return _alternate(bench, (site, _SCHEDULE), (floor, "/not-modified/schedule-gzip/"), headers)


def _alternate(
    bench: Bench, ours: tuple[Web, str], bare: tuple[Web, str], headers: dict[str, str]
) -> Comparison:
    # There are many pages: half the time is enough for each.
    seconds = bench.seconds / 2
    return alternate(
        lambda: bench.loaded(*ours, headers=headers, seconds=seconds),
        lambda: bench.loaded(*bare, headers=headers, seconds=seconds),
        rounds=bench.rounds,
    )


@dataclass(slots=True)
class _Reader(threading.Thread):
    """Reads a page again and again, over a new connection each time."""

    site: Site
    answers: list[tuple[float, bytes]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        threading.Thread.__init__(self, daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopping.wait(0.01):
            asked = time.time()
            self.answers.append((asked, self.site.get(_SCHEDULE).body))


def _seconds_until_seen(site: Site) -> float:
    """From the moment a release was committed to the last request that was answered with the former one."""
    reader = _Reader(site)
    reader.start()
    released: float = site.python("scripts.bench.inside.release")
    time.sleep(max(0.0, released + 2 * _SEEN_SECONDS - time.time()))
    reader.stopping.set()
    reader.join()
    former, newest = reader.answers[0][1], reader.answers[-1][1]
    if former == newest:
        return float("inf")
    return max(0.0, max(asked for asked, body in reader.answers if body != newest) - released)


def _schedule(compared: dict[str, Comparison], surplus: int, seen: float) -> Row:
    both = ["schedule", "schedule, gzip"]
    worst = min(both, key=lambda name: compared[name].ratio)
    checks = [
        Check.ratio("of the bare view with the same bytes", compared[worst], at_least=_SAME_BYTES),
        Check("queries, but for one a second of each process", surplus, 0),
        Check("a release is seen", seen, _SEEN_SECONDS, "s", wide=None),
    ]
    return Row("schedule", _ALL, checks, {name: compared[name].as_json() for name in both})


def _others(compared: dict[str, Comparison]) -> Row:
    names = [name for name in compared if not name.startswith("schedule")]
    checks = [Check.ratio(name, compared[name], at_least=_SAME_BYTES) for name in names]
    figures = {name: compared[name].as_json() for name in names}
    return Row(
        "other pages", "`/programme.json`, `.ics`, `.xml`, workshop and speaker pages", checks, figures
    )
