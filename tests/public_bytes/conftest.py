from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from conference.public_bytes.stamp import STAMP
from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference

# What is one reader's own.
PRIVATE = [
    "/de/link/",
    "/de/register/",
    "/de/my/",
    "/accounts/login/",
    "/admin/",
    "/de/nowhere/",
    "/mailbox/",
    "/de/invitation/x/",
]


@pytest.fixture
def released(conference: Conference) -> Conference:
    """One workshop with one session, released."""
    workshop = factories.make_workshop(
        conference, slug="eins", with_day=False, number=1, capacity_active=2, taken_active=0
    )
    day = factories.make_day(workshop, date=factories.in_days(30), opens=dt.time(9, 30))
    session = factories.make_session(day, title_de="Begrüßung", title_tr="Açılış", title_en="Welcome")
    speaker = factories.make_speaker(conference, slug="ayse", first_name="Ayşe", last_name="Işık")
    session.appearances.create(speaker=speaker, status="tbc")
    release_programme(conference=conference)
    return conference


@pytest.fixture
def trusting(settings: Any) -> Iterator[None]:
    """A process that trusts for an hour what it has heard last, as for half a second in production."""
    settings.PUBLIC_LOOK_SECONDS = 3600
    STAMP.look_again()
    yield
    STAMP.look_again()
