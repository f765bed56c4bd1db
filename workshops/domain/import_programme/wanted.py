"""What a draft asks for, as values of our tables: before it is known which rows of them there are already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Model

from workshops.domain.checks.finding import Finding

What = Literal[
    "conference", "platform", "organisation", "speaker", "workshop", "day", "session", "part", "appearance"
]


@dataclass(slots=True, eq=False)
class Wanted:
    """One row that a draft asks for.

    `values` are columns the draft speaks of, written on new rows and on those there are; `guesses` are written on new
    rows only. `links` are foreign keys. `row` is the row it turned out to be, None while there is none.
    """

    what: What
    ident: str
    words: str
    values: dict[str, Any] = field(default_factory=dict)
    guesses: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Wanted | None] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    parent: Wanted | None = None
    below: list[Wanted] = field(default_factory=list)
    people: list[Wanted] = field(default_factory=list)
    hosts: list[Wanted] = field(default_factory=list)
    row: Model | None = None

    def walk(self) -> Iterator[Wanted]:
        """All that lies below it (days, sessions, parts), in reading order."""
        for child in self.below:
            yield child
            yield from child.walk()

    @property
    def owner(self) -> Wanted:
        """The workshop, or whatever else it lies in without lying in anything itself."""
        return self.parent.owner if self.parent is not None else self


@dataclass(slots=True)
class WantedProgramme:
    language: str
    conference: Wanted
    platforms: list[Wanted] = field(default_factory=list)
    organisations: list[Wanted] = field(default_factory=list)
    speakers: list[Wanted] = field(default_factory=list)
    workshops: list[Wanted] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def everything(self) -> Iterator[Wanted]:
        """Everything, each after what it needs."""
        yield self.conference
        yield from self.platforms
        yield from self.organisations
        yield from self.speakers
        for workshop in self.workshops:
            yield workshop
            for child in workshop.walk():
                yield child
                yield from child.people
