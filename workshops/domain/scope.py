"""What an organiser may see and touch: everything, whole conferences, single workshops, by role (see Membership)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

from django.db.models import Q

from workshops.models import Membership

Role = Membership.Role


class Right(Enum):
    """Who may do something: any team member, those who look after a whole conference, the operator, nobody."""

    TEAM = "team"
    CONFERENCE = "conference"
    OPERATOR = "operator"
    NOBODY = "nobody"


class Area(Enum):
    """What a page is about; the roles differ in which of these they see, and in which they change something."""

    NUMBERS = "numbers"
    PROGRAMME = "programme"
    REGISTRATIONS = "registrations"
    PEOPLE = "people"
    ACCESS = "access"
    DOCUMENTS = "documents"
    CONFERENCE = "conference"
    HISTORY = "history"
    TEAM = "team"


class Level(IntEnum):
    SEE = 1
    CHANGE = 2


_SEEN_BY_ALL = {Area.NUMBERS: Level.SEE, Area.PROGRAMME: Level.SEE, Area.CONFERENCE: Level.SEE}
# The table in docs/organisers-access.md says the same in words, and is compared with this one.
GRANTED: Mapping[str, Mapping[Area, Level]] = {
    Role.LEAD: {
        **_SEEN_BY_ALL,
        Area.PROGRAMME: Level.CHANGE,
        Area.REGISTRATIONS: Level.CHANGE,
        Area.PEOPLE: Level.CHANGE,
        Area.ACCESS: Level.CHANGE,
        Area.DOCUMENTS: Level.CHANGE,
        Area.HISTORY: Level.SEE,
    },
    Role.PROGRAMME: {**_SEEN_BY_ALL, Area.PROGRAMME: Level.CHANGE, Area.DOCUMENTS: Level.CHANGE},
    Role.REGISTRATIONS: {
        **_SEEN_BY_ALL,
        Area.REGISTRATIONS: Level.CHANGE,
        Area.PEOPLE: Level.CHANGE,
        Area.DOCUMENTS: Level.CHANGE,
    },
    Role.ACCESS: {**_SEEN_BY_ALL, Area.REGISTRATIONS: Level.SEE, Area.ACCESS: Level.CHANGE},
    Role.READER: {**_SEEN_BY_ALL, Area.REGISTRATIONS: Level.SEE},
}
_OF_THE_OWNER = {Area.CONFERENCE: Level.CHANGE, Area.TEAM: Level.CHANGE}


@dataclass(frozen=True, slots=True)
class Held:
    """One membership; without a workshop it is about the whole conference."""

    role: str
    conference: int
    workshop: int | None

    def reaches(self, area: Area, level: Level) -> bool:
        granted = dict(GRANTED[self.role])
        if self.role == Role.LEAD and self.workshop is None:
            granted |= _OF_THE_OWNER
        return granted.get(area, 0) >= level


@dataclass(frozen=True, slots=True)
class Scope:
    """Keys of whole conferences, of single workshops, and of the conferences those workshops belong to.

    `held` are the memberships that it comes from; without them it holds for every area.
    """

    everything: bool = False
    conferences: frozenset[int] = frozenset()
    workshops: frozenset[int] = frozenset()
    partly: frozenset[int] = frozenset()
    held: tuple[Held, ...] | None = None

    def seeing(self, area: Area) -> Scope:
        """As far as this organiser sees what belongs to an area."""
        return self.narrowed(area, Level.SEE)

    def changing(self, area: Area) -> Scope:
        """As far as this organiser may change what belongs to an area."""
        return self.narrowed(area, Level.CHANGE)

    def narrowed(self, area: Area, level: Level) -> Scope:
        if self.everything or self.held is None:
            return self
        return _scope_from(held for held in self.held if held.reaches(area, level))

    def grants(self, right: Right) -> bool:
        if right is Right.NOBODY:
            return False
        if self.everything:
            return True
        if right is Right.TEAM:
            return bool(self.conferences or self.workshops)
        return right is Right.CONFERENCE and bool(self.conferences)

    def whole_conferences(self, path: str = "pk") -> Q:
        """Rows whose conference (at `path`) this organiser looks after as a whole."""
        return Q() if self.everything else Q(**{f"{path}__in": self.conferences})

    def any_conferences(self, path: str = "pk") -> Q:
        """Rows whose conference (at `path`) this organiser has any part in."""
        return Q() if self.everything else Q(**{f"{path}__in": self.conferences | self.partly})

    def own_workshops(self, path: str = "") -> Q:
        """Rows whose workshop (at `path`; empty for workshops themselves) is this organiser's."""
        if self.everything:
            return Q()
        conference, workshop = (
            (f"{path}__conference__in", f"{path}__in") if path else ("conference__in", "pk__in")
        )
        return Q(**{conference: self.conferences}) | Q(**{workshop: self.workshops})

    def covers_conference(self, conference_id: int | None) -> bool:
        return self.everything or conference_id in self.conferences

    def covers_workshop(self, *, conference_id: int, workshop_id: int) -> bool:
        return self.covers_conference(conference_id) or workshop_id in self.workshops


def _scope_from(rows: Iterable[Held]) -> Scope:
    held = tuple(rows)
    single = [row for row in held if row.workshop is not None]
    return Scope(
        conferences=frozenset(row.conference for row in held if row.workshop is None),
        workshops=frozenset(row.workshop for row in single if row.workshop is not None),
        partly=frozenset(row.conference for row in single),
        held=held,
    )


def scope_of(user: Any) -> Scope:
    """The scope of a signed-in user; empty for anybody who is not an active organiser.

    In every area: whoever asks about one narrows it (`seeing`, `changing`).
    """
    if not (user.is_active and user.is_staff):
        return Scope()
    if user.is_superuser:
        return Scope(everything=True)
    rows = Membership.objects.filter(user=user).values_list("role", "conference_id", "workshop_id")
    return _scope_from(Held(*row) for row in rows.order_by("pk"))
