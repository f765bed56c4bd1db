"""What whoever is first in the queue gets when a place is free: the place, or the offer of it with a deadline."""

from __future__ import annotations

import datetime as dt

from registration.domain.transitions import Target
from registration.domain.working_hours import deadline
from registration.models import Message, Registration
from workshops.domain.registration_window import begins_next
from workshops.models import Workshop

# With less time than this before the workshop begins, nobody can be waited for: the place is given at once.
SHORTEST_OFFER = dt.timedelta(hours=2)


def free_place_for(registration: Registration, *, at: dt.datetime) -> tuple[Target, Message.Kind]:
    """The state to which somebody moves who waits and for whom a place is free at `at` (aware), and the mail owed."""
    until = _offered_until(registration.workshop, at)
    if until is None:
        return Target(Registration.Status.CONFIRMED, registration.role), Message.Kind.PROMOTED
    target = Target(
        Registration.Status.WAITLISTED,
        registration.role,
        listens=registration.listens_meanwhile,
        offered_until=until,
    )
    return target, Message.Kind.OFFERED


def _offered_until(workshop: Workshop, at: dt.datetime) -> dt.datetime | None:
    """None where the place is given without asking."""
    if workshop.promotion != Workshop.Promotion.OFFER:
        return None
    begins = begins_next(workshop=workshop, at=at)
    if begins is not None and begins - at < SHORTEST_OFFER:
        return None
    zones = [zone.name for zone in workshop.conference.zones]
    return deadline(start=at, hours=workshop.offer_hours, zones=zones, closes_at=begins)


def has_open_offer(registration: Registration, *, at: dt.datetime) -> bool:
    """Whether there is a place to be taken at `at` (aware): between deadline and sweep it is only held."""
    return registration.offered_until is not None and registration.offered_until > at


def without_the_place(registration: Registration) -> Target:
    """Where somebody is who does not take the place offered: a listener if they listened meanwhile, else out."""
    if registration.listens_meanwhile:
        return Target(Registration.Status.CONFIRMED, Registration.Role.LISTENER)
    return Target(Registration.Status.CANCELLED, registration.role)
