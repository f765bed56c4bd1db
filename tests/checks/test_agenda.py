from __future__ import annotations

import datetime as dt

import pytest

from tests.checks.programmes import (
    BEFORE,
    JUNE,
    codes,
    day,
    findings,
    house,
    in_order,
    item,
    workshop,
)
from workshops.domain.checks.agenda import shares


def test_a_programme_in_order_has_no_findings() -> None:
    assert findings(in_order(), workshop(day(item(45), opens="13:00", closes="13:45"))) == []


def test_an_agenda_shorter_than_its_day_says_both_lengths_and_both_clocks() -> None:
    (found,) = findings(
        workshop(day(item(60), item(50)), title={"de": "Stadt", "tr": "Şehir", "en": "City"}, number=3)
    )
    assert (found.severity, found.code) == ("warning", "agenda-shorter-than-day")
    assert found.message["en"] == (
        "City (3), 15 June 2020: the agenda fills 110 minutes, the day has 120 minutes. "
        "The last item ends at 11:50 CET / 12:50 TRT, the day at 12:00 CET / 13:00 TRT."
    )
    assert [place.url.split("/")[3] for place in found.places] == ["workshopday", "session"]


def test_an_agenda_longer_than_its_day_is_a_warning_even_while_a_duration_is_open() -> None:
    found = findings(workshop(day(item(60), item(61), item(None))))
    assert codes(found) == [("warning", "agenda-longer-than-day"), ("note", "session-without-duration")]


def test_while_a_duration_is_open_no_agenda_is_too_short() -> None:
    assert codes(findings(workshop(day(item(60), item(None))))) == [("note", "session-without-duration")]


def test_an_agenda_past_midnight_is_told_but_the_day_cannot_close_then() -> None:
    (found,) = findings(workshop(day(item(90), opens="23:00", closes="23:59")))
    assert (found.code, found.proposal) == ("agenda-longer-than-day", None)


def test_parts_longer_than_their_parent_are_told_once_for_the_parent() -> None:
    parent = item(60, parts=(item(40), item(30)))
    (found,) = findings(workshop(day(parent, item(60))))
    assert found.code == "parts-exceed-parent"
    assert "lasts 60 minutes, but its parts need 70 minutes, 10 minutes more" in found.message["en"]
    assert len(found.places) == 3


@pytest.mark.parametrize(
    "parts", [(item(30), item(30)), (item(40),), (item(40), item(None)), (item(30, parts=(item(30),)),)]
)
def test_parts_that_fit_are_no_finding(parts: tuple) -> None:
    assert findings(workshop(day(item(60, parts=parts), item(60)))) == []


@pytest.mark.parametrize(
    ("lengths", "room", "shared"),
    [([40, 30], 60, [34, 26]), ([10, 10, 10], 20, [7, 7, 6]), ([100, 1], 50, [49, 1]), ([5, 5], 2, [1, 1])],
)
def test_shortened_parts_fill_the_room_in_proportion(
    lengths: list[int], room: int, shared: list[int]
) -> None:
    assert shares(lengths, room) == shared


def test_a_day_outside_the_conference_is_a_note() -> None:
    early, last = JUNE - dt.timedelta(days=12), JUNE + dt.timedelta(days=3)
    found = findings(workshop(day(item(120), date=early), day(item(120), date=last)))
    assert codes(found) == [("note", "day-outside-conference")]
    assert "3 June 2020 lies outside the dates of the conference (15–18 June 2020)" in found[0].message["en"]


@pytest.mark.parametrize(
    ("at", "severity"),
    [
        (BEFORE, "note"),
        (dt.datetime(2020, 5, 31, tzinfo=dt.UTC), "note"),
        (dt.datetime(2020, 6, 2, tzinfo=dt.UTC), "warning"),
        (dt.datetime(2020, 6, 16, tzinfo=dt.UTC), "note"),
    ],
)
def test_what_is_open_is_a_warning_in_the_last_two_weeks_only(at: dt.datetime, severity: str) -> None:
    found = findings(workshop(day(opens=None)), at=at)
    assert codes(found) == [(severity, "time-unknown"), (severity, "day-without-sessions")]


def test_a_workshop_without_a_date_is_a_note() -> None:
    assert codes(findings(workshop())) == [("note", "workshop-without-days")]


def test_items_without_duration_are_told_once_a_day_and_parts_of_an_item_with_one_may_do_without() -> None:
    (found,) = findings(
        workshop(
            day(item(None), item(None)), day(item(120, parts=(item(None),)), date=JUNE + dt.timedelta(days=1))
        )
    )
    assert (found.code, len(found.places)) == ("session-without-duration", 2)


def test_a_host_of_two_workshops_at_once_is_told_but_not_of_two_in_a_row() -> None:
    host = house("staedtetag")
    at_once = workshop(day(item(60), opens="11:30", closes="12:30"), hosts=(host,))
    in_a_row = workshop(day(item(60), opens="12:30", closes="13:30"), hosts=(host, house("tbb")))
    (found,) = findings(in_order(hosts=(host,)), at_once, in_a_row)
    assert found.code == "host-double-booked"
    assert len(found.places) == 2
