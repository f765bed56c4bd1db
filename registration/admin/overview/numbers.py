"""A number and the list it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from registration.admin.deciding import deciding_url
from registration.admin.overview.reach import Reach
from registration.domain.figures.invitations import Invited
from registration.domain.figures.registrations import Registered
from registration.models import Message, Registration
from workshops.models import Workshop

_Status, _Role = Registration.Status, Registration.Role


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """One workshop of the start page; `limit` is None where active places are not limited.

    `active` counts the active places that are taken, `offered` those among them that nobody has accepted yet.
    """

    workshop: Workshop
    url: str
    figures_url: str
    limit: int | None
    active: Number
    offered: Number
    listening: Number
    waiting: Number
    to_decide: Number
    invited: Number
    answered: Number
    declined: Number
    bounced: Number
    failed: Number
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the bar, in thousandths of its length."""

    name: str
    x: int
    width: int


def list_url(model: str, **query: Any) -> str:
    return f"{reverse(f'admin:registration_{model}_changelist')}?{urlencode(query)}"


def line_of(
    workshop: Workshop, registered: Registered, invited: Invited, failed: int, reach: Reach
) -> WorkshopLine:
    def registrations(**query: Any) -> str:
        if not reach.registrations:
            return ""
        return list_url("registration", workshop__id__exact=workshop.pk, **query)

    def sent(name: str, value: int) -> Number:
        url = list_url("invitation", workshops__id__exact=workshop.pk, progress=name)
        return Number(value, url if reach.people else "")

    to_decide = deciding_url(workshop__id__exact=workshop.pk, waits="decision")
    mails = list_url("message", status__exact=Message.Status.FAILED, workshop=workshop.pk)

    return WorkshopLine(
        workshop=workshop,
        url=reverse("admin:workshops_workshop_change", args=[workshop.pk]),
        figures_url=reverse("admin:figures", args=[workshop.pk]),
        limit=workshop.capacity_active,
        active=Number(workshop.taken_active, registrations(held=_Role.ACTIVE)),
        offered=Number(registered.offered_active, registrations(offered="yes", role__exact=_Role.ACTIVE)),
        listening=Number(workshop.taken_listener, registrations(held=_Role.LISTENER)),
        waiting=Number(registered.waiting, registrations(status__exact=_Status.WAITLISTED)),
        to_decide=Number(registered.to_decide, to_decide if reach.registrations else ""),
        invited=sent("out", invited.out),
        answered=sent("answered", invited.answered),
        declined=sent("declined", invited.declined),
        bounced=sent("bounced", invited.bounced),
        failed=Number(failed, mails if reach.people else ""),
        bar=_bar(workshop, registered),
    )


def _bar(workshop: Workshop, registered: Registered) -> tuple[Segment, ...]:
    """Active places from the left, then who would like one, then who listens; nothing where there is nobody.

    The figures are read one after the other, while people register: none of them may come out below nothing.
    """
    free = max(0, (workshop.capacity_active or 0) - workshop.taken_active)
    parts = {
        "active": workshop.taken_active - registered.offered_active,
        "offered": registered.offered_active,
        "free": free,
        "waiting": registered.waiting - registered.offered,
        "to-decide": registered.to_decide,
        "listening": workshop.taken_listener,
    }
    whole = sum(max(0, count) for count in parts.values())
    found, before = [], 0
    for name, count in parts.items():
        if count > 0:
            x = before * 1000 // whole
            found.append(Segment(name, x, (before + count) * 1000 // whole - x))
            before += count
    return tuple(found)
