"""When the clocks of a zone change, as the file itself tells it."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.calendar.rules import moment, read
from workshops.domain.calendar.zones import timezone_of

pytestmark = pytest.mark.sqlite
ZONES = [
    "Europe/Berlin",
    "Europe/Istanbul",
    "Europe/London",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
]

YEARS = [dt.datetime(year, 2, 1) for year in (2015, 2022)]  # noqa: DTZ001 (as a clock shows it)


def described(name: str, first: int, last: int) -> bytes:
    calendar = Calendar()
    calendar.add_component(timezone_of(name=name, first_year=first, last_year=last))
    return bytes(calendar.to_ical())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.datetimes(*YEARS))
def test_a_local_time_is_the_same_instant_by_the_file_and_by_the_zone(name: str, local: dt.datetime) -> None:
    local = local.replace(microsecond=0)
    there = local.replace(tzinfo=ZoneInfo(name))
    if (
        there.astimezone(dt.UTC).astimezone(there.tzinfo) != there
        or there.utcoffset() != there.replace(fold=1).utcoffset()
    ):
        return  # an hour that the clocks skip, or show twice
    [zone] = read(described(name, 2014, 2023)).parts
    assert moment(local.strftime("%Y%m%dT%H%M%S"), zone) == there


def test_germany_changes_its_clocks_and_tuerkiye_no_longer_does() -> None:
    onsets = {
        name: [(part.name, part.one("DTSTART"), part.one("TZOFFSETTO")) for part in zone.parts]
        for name in ZONES[:2]
        for zone in read(described(name, 2016, 2017)).parts
    }
    assert onsets == {
        "Europe/Berlin": [
            ("STANDARD", "20160101T000000", "+0100"),
            ("DAYLIGHT", "20160327T020000", "+0200"),
            ("STANDARD", "20161030T030000", "+0100"),
            ("DAYLIGHT", "20170326T020000", "+0200"),
            ("STANDARD", "20171029T030000", "+0100"),
        ],
        # In 2016 summer time began there for the last time, and stayed.
        "Europe/Istanbul": [
            ("STANDARD", "20160101T000000", "+0200"),
            ("DAYLIGHT", "20160327T030000", "+0300"),
        ],
    }
