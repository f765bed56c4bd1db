"""What one person costs each part of the plant, from which `model` works out what many machines bear."""

from __future__ import annotations

import time

from .bench import Bench
from .crowd import come
from .inside import EMPTY
from .model import Costs
from .processes import BenchError, processor_time
from .rows.rush import FORM, invited
from .site import Site

_PEOPLE, _REHEARSAL, _TURNS = 600, 24, 25
_A_SECOND = 12
_PAGE = "/de/programme/"
_PATIENCE = 300
_SIZE = "SELECT pg_database_size(current_database())"
# Of those that wait there is an index, so that asking costs nothing that would be taken for the mail's.
_WAITING = "SELECT count(*) FROM registration_message WHERE status IN ('queued', 'retry')"
_OPEN = "SELECT count(*) FROM registration_message WHERE status = 'sending'"


def measure_costs(bench: Bench) -> Costs:
    """No row of the table of performance: the table of docs/scaling.md is worked out from it."""
    with bench.site("full") as site:
        bench.until_answered(lambda seconds: bench.wrk(f"{site.url}{_PAGE}", seconds=seconds))
        before = site.used()["web"]
        pages = bench.until_answered(lambda seconds: bench.wrk(f"{site.url}{_PAGE}", seconds=seconds))
        page = (site.used()["web"] - before) / pages.requests
        way, size = _way(bench, site)
        worker, database = _letters(bench, site)
        turn: float = site.python("scripts.bench.inside.turn", _TURNS, "turns")
    return Costs(page, way["web"], way["database"], way["cache"], worker, database, turn, size)


def _way(bench: Bench, site: Site) -> tuple[dict[str, float], float]:
    """Processor time of one person's whole way, by who spent it, and the bytes they leave. No mail leaves meanwhile."""
    form = {**FORM, f"workshop-{EMPTY}": "listener"}
    come(site.port, invited(site, _REHEARSAL, "rehearsal"), form, seconds=1)
    people = invited(site, _PEOPLE, "scale")
    before, size = site.used(), _size(bench, site)
    met = come(site.port, people, form, seconds=_PEOPLE / _A_SECOND)
    if met.errors:
        raise BenchError(f"the way to register does not work: {dict(met.errors)}")
    return site.used_since(before, _PEOPLE), (_size(bench, site) - size) / _PEOPLE


def _size(bench: Bench, site: Site) -> float:
    return float(bench.databases.ask(_SIZE, url=site.database_url)[0][0])


def _letters(bench: Bench, site: Site) -> tuple[float, float]:
    """Processor time of one mail, for the worker and for the database, while those of the way are sent."""
    owed, ends = _count(bench, site, _WAITING), time.monotonic() + _PATIENCE
    with site.worker() as worker:
        began: tuple[int, float, float] | None = None
        while True:
            waiting = _count(bench, site, _WAITING)
            now = (waiting, processor_time(worker.pid), site.used()["database"])
            # What starting costs is not counted.
            if began is None and waiting < owed:
                began = now
            if began is not None and not began[0]:
                raise BenchError("the mails of those who registered left before they could be watched")
            if began is not None and not waiting and not _count(bench, site, _OPEN):
                return (now[1] - began[1]) / began[0], (now[2] - began[2]) / began[0]
            if time.monotonic() > ends:
                raise BenchError("the mails of those who registered do not leave")
            time.sleep(0.05)


def _count(bench: Bench, site: Site, sql: str) -> int:
    return int(bench.databases.ask(sql, url=site.database_url)[0][0])
