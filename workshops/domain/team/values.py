"""What somebody may do in one conference, as values: to be shown, compared and given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from conference.models import User
from workshops.models import Conference, Membership

Role = Membership.Role


class TeamError(Exception):
    """`message` is for people, in their language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Given:
    """One role; without a workshop it is for the whole conference."""

    role: str
    workshop_id: int | None = None

    @property
    def makes_owner(self) -> bool:
        return self.role == Role.LEAD and self.workshop_id is None


@dataclass(frozen=True, slots=True)
class Change:
    """`gone` and `new` are rights; `is_last_owner`: nobody would be left who gives rights."""

    gone: frozenset[Given]
    new: frozenset[Given]
    stays: frozenset[Given]
    is_last_owner: bool = False

    @property
    def ends_everything(self) -> bool:
        return bool(self.gone) and not self.new and not self.stays


def rights_of(*, user: User, conference: Conference) -> frozenset[Given]:
    rows = Membership.objects.filter(user=user, conference=conference)
    return frozenset(Given(role, workshop) for role, workshop in rows.values_list("role", "workshop_id"))


def tidied(rights: Iterable[Given]) -> frozenset[Given]:
    """Without what a wider right already holds."""
    wanted = frozenset(rights)
    everywhere = {right.role for right in wanted if right.workshop_id is None}
    if Role.LEAD in everywhere:
        return frozenset({Given(Role.LEAD)})
    led = {right.workshop_id for right in wanted if right.role == Role.LEAD}
    return frozenset(right for right in wanted if not _is_held_anyway(right, everywhere, led))


def _is_held_anyway(right: Given, everywhere: set[str], led: set[int | None]) -> bool:
    if right.workshop_id is None:
        return False
    return right.role in everywhere or (right.role != Role.LEAD and right.workshop_id in led)
