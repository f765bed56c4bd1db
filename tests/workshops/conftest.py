from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference


@pytest.fixture
def released(conference: Conference) -> Conference:
    """One workshop with one session, released."""
    day = factories.make_day(
        factories.make_workshop(conference, slug="eins", with_day=False, number=1), date=dt.date(2020, 6, 15)
    )
    session = factories.make_session(day, title_de="Begrüßung", title_tr="Açılış", title_en="Welcome")
    speaker = factories.make_speaker(conference, slug="ayse", first_name="Ayşe", last_name="Işık")
    session.appearances.create(speaker=speaker, status="tbc")
    release_programme(conference=conference)
    return conference
