"""A participant who is at home on neither conference clock reads the time of their own country as well."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override
from django_countries.fields import Country

from registration.models import Participant
from registration.own_clock import own_face
from tests.registration_pages.helpers import Visitor
from workshops.clocks import Zone, instant
from workshops.domain.programme import DayEntry, day_faces
from workshops.domain.release import release_programme
from workshops.models import Conference, WorkshopDay

CET, TRT = Zone("Europe/Berlin", "CET", {}), Zone("Europe/Istanbul", "TRT", {})
SUMMER, WINTER = dt.date(2030, 6, 17), dt.date(2030, 1, 14)


def _day(date: dt.date, opens: int | None, closes: int | None) -> DayEntry:
    def at(hour: int | None) -> dt.datetime | None:
        return None if hour is None else instant(date=date, time=dt.time(hour, 30), zone=CET.name)

    start, end = at(opens), at(closes)
    shown, legend = day_faces(start=start, end=end, date=date, zones=(CET, TRT))
    return DayEntry(
        id=1,
        date=date,
        title={},
        description={},
        results={},
        start=start,
        end=end,
        faces=shown,
        legend=legend,
    )


def _shown(country: str, date: dt.date, opens: int | None = 9, closes: int | None = 11) -> tuple[object, ...]:
    with override("en"):
        face = own_face(day=_day(date, opens, closes), country=Country(country))
    return (face.label, face.start_text, face.end_text, face.day_offset) if face else ()


def test_a_country_with_a_clock_of_its_own_is_named_with_its_time() -> None:
    assert _shown("GB", SUMMER) == ("United Kingdom", "08:30", "10:30", 0)
    assert _shown("GB", WINTER) == ("United Kingdom", "08:30", "10:30", 0)


def test_the_date_decides_whether_a_conference_clock_shows_the_same() -> None:
    """Finland is with Türkiye in summer, and between the two in winter."""
    assert _shown("FI", SUMMER) == ()
    assert _shown("FI", WINTER) == ("Finland", "10:30", "12:30", 0)


def test_another_date_is_told() -> None:
    assert _shown("JP", SUMMER, 20, 22) == ("Japan", "03:30", "05:30", 1)


@pytest.mark.parametrize("country", ["DE", "TR", "AT", "", "US", "XK"])
def test_nothing_is_said_where_it_would_be_the_same_or_a_guess(country: str) -> None:
    assert _shown(country, SUMMER) == ()


def test_nothing_is_said_while_the_time_is_to_be_announced() -> None:
    assert _shown("GB", SUMMER, None, None) == ()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Bei Ihnen (Vereinigtes Königreich): 23:30–01:30 −1 (am Tag davor)"),
        ("tr", "Ülkenizde (Birleşik Krallık): 23:30–01:30 −1 (önceki gün)"),
        ("en", "In your country (United Kingdom): 23:30–01:30 −1 (the day before)"),
    ],
)
def test_the_own_page_says_it_in_one_sentence(
    visitor: Visitor, released: Conference, language: str, sentence: str
) -> None:
    visitor.register(**{"workshop-digitale-stadt": "active"})
    Participant.objects.update(country="GB")
    WorkshopDay.objects.filter(workshop__slug="digitale-stadt").update(
        date=SUMMER, opens=dt.time(0, 30), closes=dt.time(2, 30)
    )
    release_programme(conference=released)

    text = " ".join(strip_tags(visitor.get("my/", language).content.decode()).split())

    assert text.count(sentence) == 1


def test_the_own_page_of_somebody_in_a_host_country_has_the_two_clocks_only(visitor: Visitor) -> None:
    visitor.register(**{"workshop-digitale-stadt": "active"})

    assert "In your country" not in visitor.get("my/").content.decode()
