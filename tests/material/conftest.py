from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Session, Workshop


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """A workshop whose programme has one item."""
    factories.make_privacy_version(conference)
    made = factories.make_workshop(conference, slug="eins", with_day=False)
    day = factories.make_day(made, date=conference.starts_on, opens=dt.time(9, 30))
    factories.make_session(day, title_de="Vortrag", title_tr="Sunum", title_en="Talk")
    return made


@pytest.fixture
def session(event: Workshop) -> Session:
    """Released, and nothing goes with it yet."""
    release_programme(conference=event.conference)
    return Session.objects.get()
