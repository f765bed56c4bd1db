from __future__ import annotations

from typing import Any

import pytest

from registration.models import Message, Registration
from tests import factories
from workshops.models import Conference, Workshop, WorkshopDay


@pytest.fixture
def workshop(conference: Conference) -> Workshop:
    return factories.make_workshop(conference)


@pytest.fixture
def day(workshop: Workshop) -> WorkshopDay:
    return workshop.days.get()


def register(
    workshop: Workshop, role: str = "active", status: str = "confirmed", **person: Any
) -> Registration:
    participant = factories.make_participant(workshop.conference, **person)
    return Registration.objects.create(participant=participant, workshop=workshop, role=role, status=status)


def owed() -> list[tuple[str, int | None]]:
    """Mail about getting in, by whom it is for."""
    rows = Message.objects.filter(kind__startswith="access").order_by("registration", "created_at")
    return list(rows.values_list("kind", "registration"))
