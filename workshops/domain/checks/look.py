"""What checks look at, and how near the day is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workshops.clocks import noon
from workshops.domain.checks.finding import Finding, Place, Severity
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.languages import Text

DAYS_BEFORE = 14
Placed = tuple[Place, Text]


@dataclass(frozen=True, slots=True)
class Look:
    """The programme, the moment at which it is looked at, and how many people each platform admits, by its name.

    `unused` are the texts of people, organisations and platforms that were entered and stand nowhere in it yet.
    """

    programme: Programme
    at: dt.datetime
    limits: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[Placed, ...] = ()

    def days(self) -> Iterator[tuple[WorkshopEntry, DayEntry]]:
        for workshop in self.programme.workshops:
            for day in workshop.days:
                yield workshop, day

    def sessions(self) -> Iterator[tuple[WorkshopEntry, DayEntry, SessionEntry]]:
        """Every session and part."""
        for workshop, day in self.days():
            for session in day.walk():
                yield workshop, day, session

    def begins(self, day: DayEntry) -> dt.datetime:
        """While its time is to be announced, a day counts from midday."""
        return day.start or noon(date=day.date, zone=self.programme.conference.zones[0].name)

    def urgency(self, begins: dt.datetime, *, days: int = DAYS_BEFORE) -> Severity:
        """What is still open weighs more in the last `days` before it begins; afterwards it is history."""
        left = begins - self.at
        return Severity.WARNING if dt.timedelta() < left <= dt.timedelta(days=days) else Severity.NOTE


Check = Callable[[Look], Iterable[Finding]]
