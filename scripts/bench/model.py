"""What a number of machines bears, worked out from measured costs: see docs/scaling.md.

Every figure of a day stands in `Day` and of a plant in `Plant`; the costs are measured by the row "scale". A resource
is busy for a part of the time: beyond `SAFE` its queue grows faster than any reader waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from .figures import Figures

SAFE = 0.7
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3_600
_GIB = 2**30


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of processor time, but for the last two.

    `page`: a public page on a web node. `way_…`: one person's whole way (link, form, registering, own page) on web
    node, database and cache. `letter_…`: one mail. `turn`: seconds between two people who take a place in the same
    workshop, one after the other. `bytes`: what one person leaves in the database.
    """

    page: float
    way_web: float
    way_database: float
    way_cache: float
    letter_worker: float
    letter_database: float
    turn: float
    bytes: float

    def as_json(self) -> Figures:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Day:
    """Everybody registers within a day. `busiest`: the part of them in the busiest hour; `burst`: how many times the
    mean of that hour its busiest minute brings. `pages` are read by each, of which a CDN answers the part `cdn`.
    """

    people: float = 1_000_000
    busiest: float = 0.15
    burst: float = 3
    pages: float = 5
    cdn: float = 0.9
    letters: float = 5
    in_one_workshop: float = 0.5

    @property
    def rate(self) -> float:
        """People a second in the busiest minute."""
        return self.people * self.busiest / _HOUR_SECONDS * self.burst

    @property
    def letter_rate(self) -> float:
        """Mails a second in the busiest hour: a queue may wait for minutes, a reader may not."""
        return self.people * self.busiest / _HOUR_SECONDS * self.letters


@dataclass(frozen=True, slots=True)
class Plant:
    """Web nodes with two cores and two processes of `threads`, as many mail workers of one slot, and one database."""

    nodes: int
    cores: int = 2
    threads: int = 4
    mail_workers: int = 1
    database_cores: int = 16
    connections: int = 97  # PostgreSQL's 100, without those kept for its superuser
    pooler: bool = False
    disk_gib: float = 100

    @property
    def clients(self) -> int:
        """Connections to the database at most: each thread of a web process keeps one, each worker three."""
        return self.nodes * 2 * self.threads + self.mail_workers * 3


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    busy: float

    @property
    def is_safe(self) -> bool:
        return self.busy <= SAFE


def resources(*, plant: Plant, costs: Costs, day: Day) -> list[Resource]:
    """How busy each is in the busiest minute, the busiest one first."""
    pages = day.rate * day.pages * (1 - day.cdn)
    web = day.rate * costs.way_web + pages * costs.page
    database = day.rate * costs.way_database + day.letter_rate * costs.letter_database
    found = [
        Resource("processors of the web nodes", web / (plant.nodes * plant.cores)),
        Resource("processors of the database", database / plant.database_cores),
        Resource("connections to the database", 0 if plant.pooler else plant.clients / plant.connections),
        Resource("the row of the most wanted workshop", day.rate * day.in_one_workshop * costs.turn),
        Resource("the cache’s one processor", day.rate * costs.way_cache),
        Resource("mail workers", day.letter_rate * costs.letter_worker / plant.mail_workers),
        Resource("the database’s disk", day.people * costs.bytes / (plant.disk_gib * _GIB)),
    ]
    return sorted(found, key=lambda resource: -resource.busy)


def most_people(*, plant: Plant, costs: Costs, day: Day) -> float:
    """In a day, until the first resource is no longer safe; 0 where one never is."""
    fixed = resources(plant=plant, costs=costs, day=replace(day, people=0))
    if not fixed[0].is_safe:
        return 0
    grows = [
        (full.busy - idle.busy, idle.busy)
        for full in resources(plant=plant, costs=costs, day=day)
        for idle in fixed
        if idle.name == full.name
    ]
    return min(day.people * (SAFE - idle) / rise for rise, idle in grows if rise > 0)


PLANTS: Sequence[tuple[str, Plant]] = (
    ("1 web node, database beside it", Plant(nodes=1, database_cores=2)),
    ("10 web nodes", Plant(nodes=10, mail_workers=4)),
    ("10 web nodes, pooler", Plant(nodes=10, mail_workers=4, pooler=True)),
    ("100 web nodes, pooler", Plant(nodes=100, mail_workers=20, pooler=True)),
)


def table(*, costs: Costs, day: Day) -> str:
    """Markdown: each plant, what is busiest, and how many people it bears in a day."""
    lines = ["| plant | bears in a day | busiest first, with a million |", "|---|---|---|"]
    for name, plant in PLANTS:
        busy = resources(plant=plant, costs=costs, day=day)[:3]
        told = ", ".join(f"{resource.name} {resource.busy:.0%}" for resource in busy)
        lines.append(f"| {name} | {_people(most_people(plant=plant, costs=costs, day=day))} | {told} |")
    return "\n".join(lines)


def _people(count: float) -> str:
    """Two figures: no model is better than that."""
    if count < 1:
        return "none: it does not start"
    digits = len(str(int(count))) - 2
    return f"{round(count, -digits):,.0f} people" if digits > 0 else f"{count:.0f} people"
