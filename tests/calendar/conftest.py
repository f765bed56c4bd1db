from __future__ import annotations

import datetime as dt

import pytest

from tests import factories
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop

AWKWARD = "Şişli, Üsküdar; Iğdır \\ Çiğli"


@pytest.fixture
def event(conference: Conference) -> Workshop:
    """Two days between which Germany changes its clocks, and a third one whose time is open; with awkward texts."""
    platform = factories.make_platform(conference, name="Kudo")
    workshop = factories.make_workshop(
        conference,
        slug="eins",
        with_day=False,
        platform=platform,
        number=1,
        title_de="Digitale Stadt",
        title_tr="Dijital Şehir",
        title_en="",
        subtitle_de=AWKWARD,
        subtitle_tr="İğneden ipliğe " * 15,
    )
    day = factories.make_day(workshop, date=dt.date(2020, 10, 24), opens=dt.time(23), closes=dt.time(23, 30))
    factories.make_access(day)
    factories.make_session(
        day,
        title_de="Begrüßung",
        title_tr="Açılış",
        description_tr="**Önemli:** [program](https://example.org/p)\n\n- Birinci\n- İkinci",
    )
    factories.make_day(workshop, date=dt.date(2020, 10, 26))
    factories.make_day(workshop, date=dt.date(2020, 10, 28), opens=None, closes=None, title_tr="Kapanış")
    release_programme(conference=conference)
    return workshop
