"""The day registration opens: everybody comes within a minute, for 30 places, while the mails leave."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from ..bench import Bench
from ..crowd import Way, come
from ..figures import Check, Row
from ..inside import EMPTY
from ..processes import BenchError, Process, processor_time
from ..site import Site

FORM = {
    "first_name": "Çiğdem",
    "last_name": "Öztürk",
    "organisation": "Bursa Büyükşehir Belediyesi",
    "position": "",
    "city": "Bursa",
    "country": "TR",
    "language": "tr",
    "consent_privacy": "on",
    f"workshop-{EMPTY}": "active",
}
PLACES = 30
_PEOPLE, _SECONDS = 2_000, 60
_PEOPLE_IN_SHORT, _SECONDS_IN_SHORT = 120, 6
# So many go the whole way beforehand, so that every process has done it once.
_REHEARSAL = 24
_MAILS_LEAVE_WITHIN = 240
_BOOKS = """
SELECT count(*), count(*) FILTER (WHERE r.status = 'confirmed' AND r.role = 'active'),
    count(*) FILTER (WHERE r.status = 'waitlisted'), count(DISTINCT r.participant_id), max(w.taken_active)
FROM workshops_workshop AS w JOIN registration_registration AS r ON r.workshop_id = w.id
WHERE w.slug = %s AND w.conference_id = (SELECT id FROM workshops_conference WHERE is_current) AND r.role = 'active'
"""
_OWED = """
SELECT count(*), count(*) FILTER (WHERE m.status = 'sent')
FROM registration_message AS m JOIN registration_registration AS r ON r.id = m.registration_id
JOIN workshops_workshop AS w ON w.id = r.workshop_id
WHERE w.slug = %s AND w.conference_id = (SELECT id FROM workshops_conference WHERE is_current) AND r.role = 'active'
"""


@dataclass(frozen=True, slots=True)
class _Rush:
    """`books` is what the database holds of it, `spent` whose processor time a person took, `sent` the mails."""

    people: int
    seconds: int
    way: Way
    spent: dict[str, float]
    books: dict[str, int]
    sent: int


def measure(bench: Bench) -> list[Row]:
    people, seconds = (_PEOPLE_IN_SHORT, _SECONDS_IN_SHORT) if bench.short else (_PEOPLE, _SECONDS)
    with bench.site("full") as site, site.worker() as worker:
        _rehearse(bench, site)
        tokens = invited(site, people, "rush")
        before = _used(site, worker)
        way = come(site.port, tokens, FORM, seconds=seconds)
        spent = {name: (used - before[name]) / people for name, used in _used(site, worker).items()}
        rush = _Rush(people, seconds, way, spent, _books(bench, site), _mails(bench, site))
    return [_row(rush)]


def _used(site: Site, worker: Process) -> dict[str, float]:
    """The crowd itself shares the machine: what it takes, the server has not."""
    return {**site.used(), "mail": processor_time(worker.pid), "crowd": time.process_time()}


def _rehearse(bench: Bench, site: Site) -> None:
    """Listeners: they take no place of those who come."""
    form = {**FORM, f"workshop-{EMPTY}": "listener"}
    way = come(site.port, invited(site, _REHEARSAL, "rehearsal"), form, seconds=1)
    if way.errors:
        raise BenchError(f"the way to register does not work: {dict(way.errors)}")


def invited(site: Site, count: int, mark: str) -> list[str]:
    path = Path(site.python("scripts.bench.inside.people", count, mark))
    return [line.split("\t")[0] for line in path.read_text().splitlines()]


def _books(bench: Bench, site: Site) -> dict[str, int]:
    [found] = bench.databases.ask(_BOOKS, EMPTY, url=site.database_url)
    names = ("registrations", "places given", "waiting", "people", "places counted")
    return dict(zip(names, map(int, found), strict=True))


def _mails(bench: Bench, site: Site) -> int:
    """How many have left, once all that are owed should have."""
    ends = time.monotonic() + _MAILS_LEAVE_WITHIN
    while True:
        [[owed, sent]] = bench.databases.ask(_OWED, EMPTY, url=site.database_url)
        if owed == sent or time.monotonic() > ends:
            return int(sent)
        time.sleep(0.5)


def _row(rush: _Rush) -> Row:
    exact = {
        "registrations": rush.people,
        "places given": PLACES,
        "waiting": rush.people - PLACES,
        "people": rush.people,
        "places counted": PLACES,
    }
    wrong = sum(abs(rush.books[name] - exact[name]) for name in exact)
    checks = [
        Check("errors", rush.way.errors.total(), 0),
        Check("p99 of all answers", rush.way.percentile(99), 1.0, "s", wide=None),
        Check(f"wrong in the books of {PLACES} places", wrong, 0),
        Check("mails not sent", rush.people - rush.sent, 0),
    ]
    whole = f"{rush.people:,} people open the link and register within {rush.seconds} s for {PLACES} places"
    return Row("rush", f"the rush: {whole}", checks, _figures(rush))


def _figures(rush: _Rush) -> dict[str, object]:
    way = rush.way
    return {
        "errors": dict(way.errors),
        "percentiles": {str(each): way.percentile(each) for each in (50, 90, 99, 100)},
        "percentiles_by_step": {
            step: {str(each): Way({step: found}).percentile(each) for each in (50, 99)}
            for step, found in way.seconds.items()
        },
        "processor_seconds_for_each_person": rush.spent,
        "lasted": way.lasted,
        "books": rush.books,
    }
