from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registration.domain.figures.invitations import Invited
from registration.domain.figures.programme_state import DayToCome
from registration.domain.figures.registrations import Registered
from workshops.models import Workshop

AHEAD = dt.timedelta(days=14)


class What(StrEnum):
    REGISTRATION_CLOSES = "registration_closes"
    OFFERS_LAPSE = "offers_lapse"
    INVITATIONS_EXPIRE = "invitations_expire"
    ACCESS_MISSING = "access_missing"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Deadline:
    """`count`: how many offers, invitations, appearances it is about; `roles` and `day`: whose details are missing."""

    what: What
    at: dt.datetime
    workshop: Workshop
    count: int = 0
    day: int = 0
    roles: tuple[str, ...] = ()


def next_deadlines(
    *,
    workshops: Iterable[Workshop],
    registered: Mapping[int, Registered],
    invited: Mapping[int, Invited],
    days: Iterable[DayToCome],
    at: dt.datetime,
) -> list[Deadline]:
    """What comes within the fortnight after `at` (aware), the next one first; from what is counted already."""
    by_key = {workshop.pk: workshop for workshop in workshops}
    found = [
        *(
            deadline
            for key, workshop in by_key.items()
            for deadline in _of_people(key, workshop, registered, invited)
        ),
        *(
            deadline
            for day in days
            if day.workshop in by_key
            for deadline in _of_day(by_key[day.workshop], day)
        ),
    ]
    return sorted(
        (deadline for deadline in found if at < deadline.at <= at + AHEAD),
        key=lambda deadline: (deadline.at, deadline.workshop.position, deadline.workshop.pk),
    )


def _of_people(
    key: int, workshop: Workshop, registered: Mapping[int, Registered], invited: Mapping[int, Invited]
) -> Iterator[Deadline]:
    if workshop.registration_closes_at:
        yield Deadline(What.REGISTRATION_CLOSES, workshop.registration_closes_at, workshop)
    offers = registered.get(key, Registered())
    if offers.next_lapse:
        yield Deadline(What.OFFERS_LAPSE, offers.next_lapse, workshop, offers.offered)
    sent = invited.get(key, Invited())
    if sent.next_expiry:
        yield Deadline(What.INVITATIONS_EXPIRE, sent.next_expiry, workshop, sent.expiring)


def _of_day(workshop: Workshop, day: DayToCome) -> Iterator[Deadline]:
    if day.without_access:
        yield Deadline(
            What.ACCESS_MISSING, day.begins, workshop, len(day.without_access), day.key, day.without_access
        )
    if day.unnamed:
        yield Deadline(What.UNNAMED, day.begins, workshop, day.unnamed, day.key)
