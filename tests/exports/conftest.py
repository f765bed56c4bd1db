from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference


@pytest.fixture
def released(conference: Conference) -> Conference:
    """One workshop in summer, one session by somebody who has agreed; released once."""
    conference.starts_on, conference.ends_on = dt.date(2020, 6, 15), dt.date(2020, 6, 18)
    conference.save()
    day = factories.make_day(
        factories.make_workshop(
            conference,
            slug="eins",
            with_day=False,
            number=1,
            title_de="Digitale Stadt",
            title_tr="Dijital Şehir",
        ),
        date=dt.date(2020, 6, 15),
        opens=dt.time(23, 30),
        closes=dt.time(23, 59),
    )
    session = factories.make_session(
        day, title_de="Begrüßung", title_tr="Açılış", title_en="", duration_minutes=20, kind="welcome"
    )
    speaker = factories.make_speaker(
        conference, slug="ayse-isik", academic_title="Dr.", first_name="Ayşe", last_name="Işık"
    )
    session.appearances.create(speaker=speaker, status="confirmed")
    release_programme(conference=conference)
    return conference
