"""The programme as it stands: the rows a draft is compared with, read with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from workshops.models import (
    Appearance,
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
    WorkshopHost,
)


@dataclass(slots=True)
class Rows:
    """`sessions` are by (day, parent) in their order, `parent` None for those that are part of none."""

    conference: Conference | None = None
    platforms: list[Platform] = field(default_factory=list)
    organisations: dict[int, Organisation] = field(default_factory=dict)
    speakers: dict[int, Speaker] = field(default_factory=dict)
    workshops: list[Workshop] = field(default_factory=list)
    hosts: dict[int, list[WorkshopHost]] = field(default_factory=lambda: defaultdict(list))
    days: dict[int, list[WorkshopDay]] = field(default_factory=lambda: defaultdict(list))
    sessions: dict[tuple[int, int | None], list[Session]] = field(default_factory=lambda: defaultdict(list))
    appearances: dict[int, list[Appearance]] = field(default_factory=lambda: defaultdict(list))

    def sessions_of(self, day: WorkshopDay) -> Iterator[Session]:
        """All sessions of a day, parts behind the session they belong to."""
        yield from self._below(day.pk, None)

    def _below(self, day_id: int, parent_id: int | None) -> Iterator[Session]:
        for session in self.sessions.get((day_id, parent_id), ()):
            yield session
            yield from self._below(day_id, session.pk)

    def all_sessions(self) -> Iterator[Session]:
        for workshop in self.workshops:
            for day in self.days.get(workshop.pk, ()):
                yield from self.sessions_of(day)


def read_rows(*, conference: Conference | None) -> Rows:
    """Everything of the conference that a draft can speak of."""
    rows = Rows(conference)
    if conference is None:
        return rows
    rows.platforms = list(Platform.objects.filter(conference=conference))
    rows.organisations = {row.pk: row for row in Organisation.objects.filter(conference=conference)}
    rows.speakers = {row.pk: row for row in Speaker.objects.filter(conference=conference)}
    rows.workshops = list(Workshop.objects.filter(conference=conference).select_related("conference"))
    _read_below(rows, conference)
    return rows


def _read_below(rows: Rows, conference: Conference) -> None:
    for host in WorkshopHost.objects.filter(workshop__conference=conference).order_by("position", "pk"):
        rows.hosts[host.workshop_id].append(host)
    days = WorkshopDay.objects.filter(workshop__conference=conference)
    for day in days.select_related("workshop__conference"):
        rows.days[day.workshop_id].append(day)
    for session in Session.objects.filter(day__workshop__conference=conference).order_by("position", "pk"):
        rows.sessions[session.day_id, session.parent_id].append(session)
    appearances = Appearance.objects.filter(session__day__workshop__conference=conference)
    for appearance in appearances.order_by("position", "pk"):
        rows.appearances[appearance.session_id].append(appearance)
