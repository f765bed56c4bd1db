"""What an organiser may see and touch: everything, whole conferences, single workshops (see Membership)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Q

from workshops.models import Membership


class Right(Enum):
    """Who may do something: any team member, those who lead a whole conference, the operator, nobody."""

    TEAM = "team"
    CONFERENCE = "conference"
    OPERATOR = "operator"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Scope:
    """Keys of whole conferences, of single workshops, and of the conferences those workshops belong to."""

    everything: bool = False
    conferences: frozenset[int] = frozenset()
    workshops: frozenset[int] = frozenset()
    partly: frozenset[int] = frozenset()

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


def scope_of(user: Any) -> Scope:
    """The scope of a signed-in user; empty for anybody who is not an active organiser."""
    if not (user.is_active and user.is_staff):
        return Scope()
    if user.is_superuser:
        return Scope(everything=True)
    rows = list(Membership.objects.filter(user=user).values_list("conference_id", "workshop_id"))
    return Scope(
        conferences=frozenset(conference for conference, workshop in rows if workshop is None),
        workshops=frozenset(workshop for _, workshop in rows if workshop is not None),
        partly=frozenset(conference for conference, workshop in rows if workshop is not None),
    )
