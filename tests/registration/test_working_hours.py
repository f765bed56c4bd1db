"""Hours count only while offices are open in both countries."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.domain.working_hours import deadline

BERLIN, ISTANBUL = "Europe/Berlin", "Europe/Istanbul"


def berlin(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN))


def until(
    start: str, hours: int, *, zones: tuple[str, ...] = (BERLIN, ISTANBUL), closes_at: str | None = None
) -> str:
    """All moments as the clocks in Berlin show them."""
    found = deadline(
        start=berlin(start),
        hours=hours,
        zones=zones,
        closes_at=berlin(closes_at) if closes_at else None,
    )
    assert found.tzinfo == dt.UTC
    return f"{found.astimezone(ZoneInfo(BERLIN)):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        # In summer offices are open in both countries from 09:00 to 16:00 German time (10:00 to 17:00 Turkish time).
        pytest.param("2026-06-10 10:00", 2, "2026-06-10 12:00:00", id="within a morning"),
        pytest.param("2026-06-10 06:00", 2, "2026-06-10 11:00:00", id="before offices open"),
        pytest.param("2026-06-10 15:00", 2, "2026-06-11 10:00:00", id="over night"),
        pytest.param("2026-06-10 16:30", 1, "2026-06-11 10:00:00", id="Turkish offices have closed"),
        pytest.param("2026-06-10 09:00", 7, "2026-06-10 16:00:00", id="a whole day in summer"),
        # In winter the clocks are two hours apart: from 09:00 to 15:00 German time.
        pytest.param("2026-12-09 09:00", 7, "2026-12-10 10:00:00", id="a whole day in winter is shorter"),
        pytest.param("2026-06-12 15:30", 1, "2026-06-15 09:30:00", id="Friday afternoon"),
        pytest.param("2026-06-13 11:00", 1, "2026-06-15 10:00:00", id="Saturday"),
        # The clocks are put forward on 29 March 2026, back on 25 October 2026.
        pytest.param(
            "2026-03-27 14:00", 2, "2026-03-30 10:00:00", id="over the night of the clock change in spring"
        ),
        pytest.param(
            "2026-10-23 15:00", 2, "2026-10-26 10:00:00", id="over the night of the clock change in autumn"
        ),
        # Ramazan bayramı 20 to 22 March 2026, its eve (offices close at noon) on Thursday the 19th.
        pytest.param("2026-03-18 14:00", 2, "2026-03-23 10:00:00", id="Ramazan bayramı"),
        # Kurban bayramı 27 to 30 May 2026, its eve on Tuesday the 26th; Pentecost Monday on the 25th.
        pytest.param("2026-05-22 15:00", 2, "2026-06-01 10:00:00", id="Kurban bayramı after Pentecost"),
        # Good Friday on 3 April, Easter Monday on 6 April 2026: only Germany is closed.
        pytest.param("2026-04-02 15:30", 1, "2026-04-07 09:30:00", id="Easter"),
        # Christmas in Germany on Friday 25, New Year in both.
        pytest.param("2026-12-24 14:00", 2, "2026-12-28 10:00:00", id="Christmas"),
        pytest.param("2026-12-31 14:00", 2, "2027-01-04 10:00:00", id="over the turn of the year"),
        pytest.param("2026-10-27 14:00", 2, "2026-10-30 10:00:00", id="Turkish republic day and its eve"),
    ],
)
def test_hours_pass_only_while_both_countries_work(start: str, hours: int, expected: str) -> None:
    assert until(start, hours) == expected


def test_seconds_are_rounded_up_for_nobody_to_have_less_than_they_read() -> None:
    assert until("2026-06-10 10:00:00.000001", 1) == "2026-06-10 11:01:00"


@pytest.mark.parametrize(
    ("closes_at", "expected"),
    [
        ("2026-06-10 11:00", "2026-06-10 11:00:00"),
        ("2026-06-10 23:00", "2026-06-10 12:00:00"),
        ("2026-06-10 09:00", "2026-06-10 09:00:00"),
    ],
)
def test_never_later_than_the_beginning(closes_at: str, expected: str) -> None:
    assert until("2026-06-10 10:00", 2, closes_at=closes_at) == expected


def test_a_beginning_at_the_weekend_ends_the_time_then() -> None:
    assert until("2026-06-12 15:30", 16, closes_at="2026-06-13 09:00") == "2026-06-13 09:00:00"


def test_offices_that_are_never_open_together_count_the_hours_at_home() -> None:
    """At 09:00 in Berlin it is 17:00 or 16:00 in Tokyo: an hour in summer, none in winter."""
    assert until("2026-06-10 08:00", 2, zones=(BERLIN, "Asia/Tokyo")) == "2026-06-11 10:00:00"
    assert until("2026-12-09 08:00", 2, zones=(BERLIN, "Asia/Tokyo")) == "2026-12-09 11:00:00"


def test_offices_whose_dates_differ_meet_at_home() -> None:
    """When offices in Auckland open on Tuesday, it is 11:00 on Monday in Honolulu, and 23:00 in Berlin."""
    found = until("2026-06-08 12:00", 1, zones=("Pacific/Honolulu", "Pacific/Auckland"))
    assert found == "2026-06-09 00:00:00"


def test_a_zone_that_belongs_to_no_country_has_no_holidays_but_weekends() -> None:
    assert until("2026-05-26 10:00", 1, zones=(BERLIN, "Asia/Istanbul")) == "2026-05-26 11:00:00"
    assert until("2026-06-13 10:00", 1, zones=(BERLIN, "Asia/Istanbul")) == "2026-06-15 10:00:00"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    minutes=st.integers(0, 5 * 365 * 24 * 60),
    hours=st.integers(1, 200),
)
def test_whatever_the_start_the_end_is_an_open_minute_and_more_hours_never_end_earlier(
    minutes: int, hours: int
) -> None:
    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    end = deadline(start=start, hours=hours, zones=(BERLIN, ISTANBUL), closes_at=None)
    longer = deadline(start=start, hours=hours + 1, zones=(BERLIN, ISTANBUL), closes_at=None)
    assert start + dt.timedelta(hours=hours) <= end < longer <= start + dt.timedelta(days=400)
    for zone in (BERLIN, ISTANBUL):
        local = end.astimezone(ZoneInfo(zone))
        assert local.weekday() < 5
        assert dt.time(9) <= local.time() <= dt.time(17)
        assert (local.second, local.microsecond) == (0, 0)
