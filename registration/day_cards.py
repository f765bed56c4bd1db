"""One day of a registration as the participant's own pages show it: when it is, and whether one can get in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from registration.domain.attendance.join import may_join, opens_at
from registration.models import AccessDetails
from registration.offers import Offer
from registration.own_clock import own_face
from workshops.clocks import Face, Zone
from workshops.domain.programme import DayEntry

# Nothing that would end a directive of the policy, or begin another one.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?=[/?#]|$)")
_NEAR = dt.timedelta(hours=24)


class Phase(StrEnum):
    """Where a day stands."""

    AHEAD = "ahead"
    TODAY = "today"
    RUNNING = "running"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class DayCard:
    """One day; `access` is None while there is nothing to show, or this person is not (yet) let in.

    `own_face` is the time in this person's country, where neither conference clock shows it. `opens_at` is when the
    way in opens, None while the day's time is to be announced.
    """

    day: DayEntry
    phase: Phase
    access: AccessDetails | None
    own_face: Face | None
    opens_at: dt.datetime | None
    may_join: bool = False
    is_near: bool = False

    @property
    def is_past(self) -> bool:
        return self.phase == Phase.PAST

    @property
    def join_url(self) -> str:
        return self.access.website if self.access else ""

    @property
    def join_origin(self) -> str:
        """The platform's scheme and host, for the policy of the page whose form leads there; empty if it has none."""
        found = _ORIGIN.match(self.join_url)
        return found[0] if found else ""

    @property
    def has_join_button(self) -> bool:
        return self.may_join and bool(self.join_origin)

    @property
    def has_waiting_room(self) -> bool:
        """Whether the page is worth a link: there is a way in that is not open yet, or it is soon to be."""
        waits = not self.may_join and bool(self.join_origin)
        return not self.is_past and self.opens_at is not None and (waits or self.is_near)


def day_cards(
    offer: Offer, details: Sequence[AccessDetails], *, at: dt.datetime, country: Any
) -> tuple[DayCard, ...]:
    access = {entry.day_id: entry for entry in details}
    return tuple(
        _card(day, offer, access=access.get(day.id), at=at, country=country) for day in offer.entry.days
    )


def _card(
    day: DayEntry, offer: Offer, *, access: AccessDetails | None, at: dt.datetime, country: Any
) -> DayCard:
    minutes = offer.workshop.join_minutes
    opens = opens_at(day=day, minutes=minutes)
    return DayCard(
        day=day,
        phase=_phase(day, offer.zones, at),
        access=access,
        own_face=own_face(day=day, country=country),
        opens_at=opens,
        may_join=may_join(day=day, at=at, minutes=minutes),
        is_near=opens is not None and opens - at <= _NEAR,
    )


def _phase(day: DayEntry, zones: tuple[Zone, ...], at: dt.datetime) -> Phase:
    if _is_past(day, at):
        return Phase.PAST
    if day.start is not None and day.end is not None and day.start <= at:
        return Phase.RUNNING
    return Phase.TODAY if _is_today(day, zones, at) else Phase.AHEAD


def _is_today(day: DayEntry, zones: tuple[Zone, ...], at: dt.datetime) -> bool:
    """On either of the two clocks: near midnight it may be today on one of them only."""
    dates = {face.zone: face.date for face in day.faces}
    return any(at.astimezone(ZoneInfo(zone.name)).date() == dates.get(zone.name, day.date) for zone in zones)


def _is_past(day: DayEntry, at: dt.datetime) -> bool:
    """A day whose time is to be announced is past when its date is, wherever one is on Earth."""
    if day.end is not None:
        return day.end <= at
    return day.date < (at - dt.timedelta(hours=12)).date()
