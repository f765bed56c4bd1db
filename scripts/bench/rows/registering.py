"""The registration form's POST beside a bare view with one locked insert, with few and with many registrations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from ..bench import Bench
from ..figures import Check, Comparison, Measured, Row, by_turns
from ..load import CONNECTIONS, HOST, Load
from ..processes import BenchError
from ..site import Site, Web

FORM = {
    "first_name": "Çiğdem",
    "last_name": "Öztürk",
    "organisation": "Bursa Büyükşehir Belediyesi",
    "position": "Leiterin",
    "city": "Bursa",
    "country": "TR",
    "language": "tr",
    "consent_privacy": "on",
    # One that is confirmed at once, and counts a place; one that an organiser decides.
    "workshop-informationsveranstaltung": "active",
    "workshop-digitale-stadt": "listener",
    "workshop-nachhaltige-stadtentwicklung": "none",
    "workshop-schutzfunktion-der-kommunen": "none",
    "workshop-jugendaustausch": "none",
    "csrfmiddlewaretoken": "0123456789abcdef0123456789abcdef",
}
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
_SCRIPT = Path(__file__).parent.parent / "register.lua"
_OF_THE_FLOOR, _FAR, _FLAT = 0.35, 0.06, 1.15
# More people than a run will need, reckoned from the rehearsal; on each connection one is under way when a run ends.
_MARGIN, _FIRST = 5, 800
_LEAST_SECONDS = 2.0
# As many as wrk has: each takes its part of the file.
_THREADS = 2
_REGISTERED = """
SELECT count(DISTINCT p.id), count(r.id), count(DISTINCT m.id)
FROM registration_participant AS p JOIN registration_registration AS r ON r.participant_id = p.id
LEFT JOIN registration_message AS m ON m.registration_id = r.id WHERE p.email LIKE '%@counted.example'
"""


class _Forms:
    """One site, and the people who have not registered there yet."""

    def __init__(self, bench: Bench, site: Site) -> None:
        self.bench, self.site = bench, site
        self.address = f"{site.url}/de/register/"
        self.file = site.directory / "people"
        self.need = self.answered = 0
        self._people: Iterator[str] = iter(())

    def __call__(self) -> Measured:
        self._write_people()
        before = self.site.used()
        run = _post(self.bench, self.address, self.file, _seconds(self.bench))
        self.answered += run.requests
        if run.requests > self.need - CONNECTIONS:
            raise BenchError("this machine registers people faster than they had been prepared")
        return Measured.in_parts(run.rate, self.site.used_since(before, run.requests))

    def rehearse(self) -> None:
        """So that the runs that count have enough people, and meet processes that have done this before."""
        self._invite(_FIRST, "rehearsal")
        self.need = _FIRST
        self._write_people()
        rehearsed = self.bench.until_answered(
            lambda seconds: _post(self.bench, self.address, self.file, seconds)
        )
        self.need = int(rehearsed.rate * _seconds(self.bench) * _MARGIN) + 10 * CONNECTIONS
        self._invite(self.need * self.bench.rounds, "counted")

    def _invite(self, count: int, mark: str) -> None:
        path = Path(self.site.python("scripts.bench.inside.people", count, mark))
        self._people = iter([line.split("\t")[1] for line in path.read_text().splitlines()])

    def _write_people(self) -> None:
        self.file.write_text("\n".join(islice(self._people, self.need)))

    def checked(self) -> dict[str, int]:
        """What the database holds of those who were answered. Raises BenchError where that is too little."""
        [[people, registrations, messages]] = self.bench.databases.ask(
            _REGISTERED, url=self.site.database_url
        )
        surplus = people - self.answered
        most = self.bench.rounds * CONNECTIONS
        if not 0 <= surplus <= most or registrations != 2 * people or messages != 2 * people:
            raise BenchError(
                f"{self.answered} forms were taken, but {people} people, {registrations} registrations and "
                f"{messages} messages were written"
            )
        return {"people": people, "registrations": registrations, "messages": messages}


def measure(bench: Bench) -> list[Row]:
    with (
        bench.site("small") as few,
        bench.site("full") as many,
        bench.database("small") as own,
        bench.floor(database_url=own) as floor,
    ):
        sites = {"few": _Forms(bench, few), "many": _Forms(bench, many)}
        for forms in sites.values():
            forms.rehearse()
        runs = by_turns({"floor": lambda: _insert(bench, floor), **sites}, rounds=bench.rounds)
        written = {name: forms.checked() for name, forms in sites.items()}
    return [
        _row(bench, Comparison(runs["many"], runs["floor"]), Comparison(runs["few"], runs["many"]), written)
    ]


def _seconds(bench: Bench) -> float:
    return max(_LEAST_SECONDS, bench.seconds)


def _post(bench: Bench, url: str, people: Path, seconds: float) -> Load:
    form = urlencode(FORM)
    run = bench.wrk(url, seconds=seconds, script=_SCRIPT, arguments=[str(people), form], headers=_HEADERS)
    if run.errors:
        raise BenchError(f"{run.errors} of {run.requests} forms were refused")
    return run


def _insert(bench: Bench, floor: Web) -> Measured:
    """The same forms, from the same generator; the bare view does not read them."""
    before = floor.used()
    people = bench.directory / "nobody"
    people.write_text(f"{'0' * 32}\n" * _THREADS)
    run = _post(bench, f"{floor.url}/insert/", people, _seconds(bench))
    return Measured.in_parts(run.rate, floor.used_since(before, run.requests))


def _row(bench: Bench, compared: Comparison, growth: Comparison, written: dict[str, dict[str, int]]) -> Row:
    checks = [
        # It is not there yet; the short form asks whether it gets further away.
        replace(Check.ratio("of the bare locked insert", compared, at_least=_OF_THE_FLOOR), wide=_FAR),
        Check.ratio(f"cost with {bench.people:,} registrations, of that with 100", growth, at_most=_FLAT),
    ]
    what = "registration POST (new participant, two workshops, message rows, sessions, CSRF) on PostgreSQL"
    figures = {"insert": compared.as_json(), "growth": growth.as_json(), "written": written}
    return Row("registering", what, checks, figures)
