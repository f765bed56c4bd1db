from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from registration.domain.attendance.read_report import Report, read_report
from registration.models import Registration
from tests import factories
from workshops.models import Conference, Workshop, WorkshopDay

DATE = dt.date(2020, 6, 15)


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    return factories.make_workshop(conference, with_day=False)


@pytest.fixture
def day(workshop: Workshop) -> WorkshopDay:
    """From half past nine to half past eleven in Germany, 07:30 to 09:30 in UTC."""
    return factories.make_day(workshop, date=DATE)


def register(workshop: Workshop, **person: Any) -> Registration:
    participant = factories.make_participant(workshop.conference, **person)
    return Registration.objects.create(
        participant=participant, workshop=workshop, role="active", status="confirmed"
    )


def read(text: str, day: WorkshopDay, zone: str = "Europe/Berlin", name: str = "report.csv") -> Report:
    return read_report(name=name, file=io.BytesIO(text.encode("utf-8-sig")), day=day, zone=zone)


def at(hour: int, minute: int = 0) -> dt.datetime:
    """A moment of the day, in UTC."""
    return dt.datetime(2020, 6, 15, hour, minute, tzinfo=dt.UTC)
