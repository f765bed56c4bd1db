from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registration.models import Message, Registration
from tests import factories
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

START = dt.datetime(2030, 6, 17, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
LONG_AGO = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """Released: one day, on 17 June 2030 at 09:30 of the home clock."""
    workshop = factories.make_workshop(
        conference,
        with_day=False,
        number=1,
        title_de="Digitale Stadt",
        title_tr="Dijital Şehir",
        title_en="Digital city",
        capacity_active=None,
    )
    factories.make_day(workshop, date=dt.date(2030, 6, 17))
    release_programme(conference=conference)
    return workshop


def admit(workshop: Workshop, *, since: dt.datetime = LONG_AGO, **values: object) -> Registration:
    """Somebody who has been confirmed since then."""
    registration = register(workshop, **{"status": "confirmed", **values})
    moments = {"decided_at": since, "created_at": since}
    Registration.objects.filter(pk=registration.pk).update(**moments)
    return registration


def move(workshop: Workshop, **values: object) -> None:
    """The day gets another date or time, and that is released."""
    workshop.days.update(**values)
    release_programme(conference=workshop.conference)


def owed() -> list[tuple[str, int | None]]:
    """Kind and registration of every message there is."""
    return sorted(Message.objects.values_list("kind", "registration"), key=str)


def later(**delta: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**delta)
