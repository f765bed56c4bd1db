"""The dual-clock rule, on dates in summer and winter, across midnight, and in Germany's clock-change nights."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from workshops.clocks import WallClockError, Zone, faces, instant, legend

CET = Zone("Europe/Berlin", "CET", {"de": "deutsche Zeit", "tr": "Almanya saati", "en": "German time"})
TRT = Zone("Europe/Istanbul", "TRT", {"de": "türkische Zeit", "tr": "Türkiye saati", "en": "Turkish time"})
ZONES = (CET, TRT)


def both(date: dt.date, time: dt.time, minutes: int = 60) -> list[tuple[str, str, str, int, int]]:
    start = instant(date=date, time=time, zone=CET.name)
    shown = faces(start=start, end=start + dt.timedelta(minutes=minutes), zones=ZONES, home_date=date)
    return [(f.label, f.start_text, f.end_text, f.day_offset, f.end_day_offset) for f in shown]


def test_in_summer_the_clocks_are_one_hour_apart() -> None:
    assert both(dt.date(2020, 6, 15), dt.time(9, 30), 120) == [
        ("CET", "09:30", "11:30", 0, 0),
        ("TRT", "10:30", "12:30", 0, 0),
    ]


def test_in_winter_the_clocks_are_two_hours_apart() -> None:
    assert both(dt.date(2020, 12, 15), dt.time(9, 30), 120) == [
        ("CET", "09:30", "11:30", 0, 0),
        ("TRT", "11:30", "13:30", 0, 0),
    ]


@pytest.mark.parametrize(
    ("date", "partner"),
    [
        (dt.date(2027, 3, 27), "11:30"),
        (dt.date(2027, 3, 28), "10:30"),
        (dt.date(2027, 10, 30), "10:30"),
        (dt.date(2027, 10, 31), "11:30"),
    ],
)
def test_the_difference_changes_on_the_days_germany_changes_its_clocks(date: dt.date, partner: str) -> None:
    assert both(date, dt.time(9, 30))[1][1] == partner


def test_before_2016_turkiye_changed_its_clocks_too() -> None:
    assert both(dt.date(2015, 12, 15), dt.time(9, 30))[1][1] == "10:30"


def test_the_partners_date_is_told_when_it_differs() -> None:
    assert both(dt.date(2020, 6, 15), dt.time(23, 30)) == [
        ("CET", "23:30", "00:30", 0, 1),
        ("TRT", "00:30", "01:30", 1, 1),
    ]


def test_with_turkiye_as_home_the_partners_date_is_the_day_before() -> None:
    date = dt.date(2020, 12, 15)
    start = instant(date=date, time=dt.time(0, 30), zone=TRT.name)
    shown = faces(start=start, end=None, zones=(TRT, CET), home_date=date)
    assert [(f.label, f.start_text, f.end_text, f.day_offset, f.date) for f in shown] == [
        ("TRT", "00:30", "", 0, dt.date(2020, 12, 15)),
        ("CET", "22:30", "", -1, dt.date(2020, 12, 14)),
    ]


def test_nothing_is_shown_while_the_start_is_to_be_announced() -> None:
    assert faces(start=None, end=None, zones=ZONES, home_date=dt.date(2020, 6, 18)) == ()


@pytest.mark.parametrize("time", [dt.time(2, 0), dt.time(2, 30), dt.time(2, 59)])
def test_a_time_the_clocks_skip_is_refused(time: dt.time) -> None:
    with override("de"), pytest.raises(WallClockError):
        instant(date=dt.date(2027, 3, 28), time=time, zone="Europe/Berlin")


@pytest.mark.parametrize("time", [dt.time(2, 0), dt.time(2, 30), dt.time(2, 59)])
def test_a_time_the_clocks_show_twice_is_refused(time: dt.time) -> None:
    with pytest.raises(WallClockError):
        instant(date=dt.date(2027, 10, 31), time=time, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("date", "time", "expected"),
    [
        (dt.date(2027, 3, 28), dt.time(1, 59), dt.datetime(2027, 3, 28, 0, 59, tzinfo=dt.UTC)),
        (dt.date(2027, 3, 28), dt.time(3, 0), dt.datetime(2027, 3, 28, 1, 0, tzinfo=dt.UTC)),
        (dt.date(2027, 10, 31), dt.time(1, 59), dt.datetime(2027, 10, 30, 23, 59, tzinfo=dt.UTC)),
        (dt.date(2027, 10, 31), dt.time(3, 0), dt.datetime(2027, 10, 31, 2, 0, tzinfo=dt.UTC)),
    ],
)
def test_the_minutes_around_a_clock_change_are_exact(
    date: dt.date, time: dt.time, expected: dt.datetime
) -> None:
    assert instant(date=date, time=time, zone="Europe/Berlin") == expected


def test_an_item_that_runs_through_a_clock_change_lasts_as_long_as_it_says() -> None:
    assert both(dt.date(2027, 3, 28), dt.time(1, 30), 60) == [
        ("CET", "01:30", "03:30", 0, 0),
        ("TRT", "03:30", "04:30", 0, 0),
    ]


def test_the_legend_says_what_the_labels_mean_on_the_date() -> None:
    def said(moment: dt.datetime) -> list[tuple[str, str, bool, bool]]:
        entries = legend(zones=ZONES, moment=moment)
        return [(e.label, e.utc_offset_text, e.is_summer_time, e.has_summer_time) for e in entries]

    assert said(dt.datetime(2020, 6, 15, 12, tzinfo=dt.UTC)) == [
        ("CET", "UTC+2", True, True),
        ("TRT", "UTC+3", False, False),
    ]
    assert said(dt.datetime(2020, 12, 15, 12, tzinfo=dt.UTC)) == [
        ("CET", "UTC+1", False, True),
        ("TRT", "UTC+3", False, False),
    ]


def test_offsets_west_of_greenwich_and_of_half_hours_are_written_properly() -> None:
    moment = dt.datetime(2020, 6, 15, 12, tzinfo=dt.UTC)
    zones = (Zone("America/St_Johns", "NT", {}), Zone("Asia/Kolkata", "IST", {}), Zone("UTC", "UTC", {}))
    assert [e.utc_offset_text for e in legend(zones=zones, moment=moment)] == [
        "UTC−2:30",
        "UTC+5:30",
        "UTC+0",
    ]
