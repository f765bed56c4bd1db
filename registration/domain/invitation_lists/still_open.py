"""For which workshops a reminder still makes sense."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from registration.models import Invitation, Registration
from workshops.domain.registration_window import Window, begins_next, registration_window
from workshops.models import Workshop

_OVER = (Registration.Status.CANCELLED, Registration.Status.DECLINED)
_EVER = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


def is_open_for_reminders(*, workshop: Workshop, at: dt.datetime) -> bool:
    """While one can register and its first day has not begun; `at` is aware. Reads the workshop's days."""
    first = begins_next(workshop=workshop, at=_EVER)
    if first is not None and first <= at:
        return False
    return registration_window(workshop=workshop, at=at) is Window.OPEN


def left_to_register(
    *, workshops: Iterable[Workshop], registered: Collection[int], at: dt.datetime
) -> list[Workshop]:
    """`registered` are the keys of the workshops the person is registered for."""
    return [
        workshop
        for workshop in workshops
        if workshop.pk not in registered and is_open_for_reminders(workshop=workshop, at=at)
    ]


def workshops_left(*, invitation: Invitation, at: dt.datetime) -> list[Workshop]:
    """Those of one invitation."""
    registered = Registration.objects.filter(participant=invitation.participant_id).exclude(status__in=_OVER)
    workshops = invitation.workshops.select_related("conference").prefetch_related("days")
    return left_to_register(
        workshops=workshops, registered=set(registered.values_list("workshop", flat=True)), at=at
    )
