"""The next deadlines as rows of the start page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from registration.admin.deciding import deciding_url
from registration.admin.overview.numbers import list_url
from registration.admin.overview.reach import Reach
from registration.domain.figures.deadline_words import words_of
from registration.domain.figures.deadlines import Deadline, What
from workshops.models import Workshop

MOST = 8


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    key: str
    text: str
    url: str
    at: dt.datetime
    workshop: Workshop


def deadline_rows(deadlines: Iterable[Deadline], reach_of: Callable[[Workshop], Reach]) -> list[DeadlineRow]:
    """The first `MOST`, in words; each leads to what is to be done about it, for who may do it."""
    return [
        DeadlineRow(
            f"{deadline.what}-{deadline.workshop.pk}-{deadline.day}",
            words_of(deadline),
            _url(deadline, reach_of(deadline.workshop)),
            deadline.at,
            deadline.workshop,
        )
        for deadline in list(deadlines)[:MOST]
    ]


_AT_PEOPLE = {
    What.OFFERS_LAPSE: "registrations",
    What.INVITATIONS_EXPIRE: "people",
    What.ACCESS_MISSING: "access",
}


def _url(deadline: Deadline, reach: Reach) -> str:
    needed = _AT_PEOPLE.get(deadline.what)
    if needed and not getattr(reach, needed):
        return ""
    key = deadline.workshop.pk
    if deadline.what is What.REGISTRATION_CLOSES:
        return reverse("admin:workshops_workshop_change", args=[key])
    if deadline.what is What.OFFERS_LAPSE:
        return deciding_url(workshop__id__exact=key, waits="answer")
    if deadline.what is What.INVITATIONS_EXPIRE:
        return list_url("invitation", workshops__id__exact=key, progress="expiring")
    if deadline.what is What.ACCESS_MISSING:
        query = urlencode({"day": str(deadline.day), "role": deadline.roles[0]})
        return f"{reverse('admin:registration_accessdetails_add')}?{query}"
    return reverse("admin:workshops_workshopday_change", args=[deadline.day])
