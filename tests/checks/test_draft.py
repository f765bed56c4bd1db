from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.checks.programmes import JUNE, draft, drafted, in_order, programme, times
from workshops.domain.build_programme import build_programme
from workshops.domain.checks.check_draft import check_draft
from workshops.domain.checks.finding import Finding
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.values import Draft, DraftAppearance, DraftWorkshop
from workshops.models import Conference

DECEMBER = dt.date(2020, 12, 15)
SUMMER, WINTER = times("10:00-12:00", "11:00-13:00"), times("10:00-12:00", "12:00-14:00")
REAL = Path(__file__).parent.parent / "drafts" / "files" / "vorkonferenz.txt"


def check(drafted: Draft) -> list[Finding]:
    """What the draft alone is found to say; the programme beside it is in order."""
    beside = in_order(title={"de": "Anderes", "tr": "Başka", "en": "Other"})
    return check_draft(draft=drafted, programme=programme(beside))


def told(found: list[Finding]) -> list[tuple[str, list[int | None]]]:
    return [(finding.code, [place.line for place in finding.places]) for finding in found]


def test_the_real_draft_has_exactly_the_contradictions_it_contains(demo: Conference) -> None:
    real = read_draft(read_file(name="vorkonferenz.txt", data=REAL.read_bytes()))
    found = check_draft(draft=real, programme=build_programme(conference=demo))
    of_the_draft = [finding for finding in found if any(place.line for place in finding.places)]
    assert told(of_the_draft) == [
        ("clocks-disagree", [62, 173]),
        ("agenda-shorter-than-day", [265, 329]),
        ("day-outside-conference", [363, 7]),
        ("day-outside-conference", [363, 7]),
        ("session-without-duration", [379, 380, 381, 382]),
        ("session-without-duration", [414, 415, 416, 419, 420, 421, 422]),
        ("speaker-open", [144]),
        ("speaker-open", [145]),
        ("speaker-open", [217]),
        ("speaker-open", [219]),
        ("speaker-open", [279]),
    ]
    assert found[0].message["en"] == (
        "Nachhaltige Stadtentwicklung (2), 15 June 2020: the two clocks contradict each other. "
        "The overview says “13:00–15:00 CET / 13:00–15:00 TRT”, the workshop’s own page "
        "“13:00–15:00 CET / 14:00–16:00 TRT”. On that date they are 1 hour apart: "
        "13:00–15:00 CET / 14:00–16:00 TRT."
    )
    assert [finding.proposal for finding in found] == [None] * len(found)


@pytest.mark.parametrize(
    ("date", "when", "expected"),
    [(JUNE, SUMMER, []), (JUNE, WINTER, [5, 20]), (DECEMBER, WINTER, []), (DECEMBER, SUMMER, [5, 20])],
)
def test_the_clocks_are_two_hours_apart_in_winter_and_one_in_summer(
    date: dt.date, when: object, expected: list[int]
) -> None:
    found = told(check(draft(when, overview=when, date=date)))  # type: ignore[arg-type]
    assert found == ([("clocks-disagree", expected)] if expected else [])


def test_clocks_are_compared_in_each_place() -> None:
    wrong = times("10:00-12:00", "10:00-12:00")
    assert told(check(draft(wrong))) == [("clocks-disagree", [20])]
    assert told(check(draft(SUMMER, overview=wrong))) == [("clocks-disagree", [5, 20])]
    assert told(check(draft(wrong, overview=SUMMER))) == [("clocks-disagree", [5, 20])]
    assert told(check(draft(times("10:00"), overview=times("", "11:00")))) == []
    assert told(check(draft(times("10:00"), overview=times("", "12:00")))) == [("clocks-disagree", [5, 20])]
    assert told(check(draft(SUMMER, drafted(30, times("10:00", "11:00"), 60)))) == []
    items = (drafted(30, times("10:00", "11:00"), 60), drafted(31, times("11:00", "13:00"), 60))
    (found,) = check(draft(SUMMER, *items))
    assert told([found]) == [("clocks-disagree", [31])]
    assert "“11:00 CET / 13:00 TRT”" in found.message["en"]
    assert "1 hour apart: 11:00 CET / 12:00 TRT" in found.message["en"]


def test_an_end_after_midnight_on_one_clock_only_is_no_contradiction() -> None:
    assert told(check(draft(times("22:00-23:30", "23:00-00:30")))) == []


def test_a_contradiction_of_the_ends_alone_is_told() -> None:
    assert told(check(draft(times("10:00-12:00", "11:00-14:00")))) == [("clocks-disagree", [20])]
    assert told(check(draft(times("10:00-12:00", "11:00")))) == []


def test_over_a_night_in_which_clocks_change_both_dates_count() -> None:
    """Two hours apart when it begins, one when it ends."""
    night = draft(times("22:00-04:00", "00:00-05:00"), date=dt.date(2020, 3, 28))
    assert [code for code, _ in told(check(night))] == ["ends-before-start"]


def test_a_line_for_two_days_is_told_once() -> None:
    two = draft(WINTER)
    two.workshops[0].days.append(type(two.workshops[0].days[0])(JUNE + dt.timedelta(days=7), 20, WINTER))
    assert told(check(two)) == [("clocks-disagree", [20])]


def test_a_start_that_does_not_follow_from_the_durations_is_told_once() -> None:
    items = [
        drafted(30, times("10:00"), 30),
        drafted(31, times("10:35"), 25),
        drafted(32, times("11:00"), 15),
        drafted(33, times(), 15),
        drafted(34, times("11:30"), 30),
    ]
    (found,) = check(draft(SUMMER, *items))
    assert told([found]) == [("start-disagrees-with-durations", [30, 31])]
    assert "is to begin at 10:35 CET / 11:35 TRT" in found.message["en"]
    assert "ends at 10:30 CET / 11:30 TRT" in found.message["en"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([(times("10:15"), 15)], [[20, 30]]),
        ([(times("10:00"), None), (times("11:00"), 60)], []),
        ([(times("", "11:00"), 60), (times("", "12:00"), 60)], []),
        ([(times("10:00-10:30"), 30), (times("10:30-11:30"), 60)], []),
        ([(times("10:00-10:30"), 20), (times("10:20"), 60)], [[30]]),
    ],
)
def test_starts_are_compared_with_the_sum_of_durations(items: list, expected: list) -> None:
    sessions = [drafted(30 + n, when, minutes) for n, (when, minutes) in enumerate(items)]
    found = told(check(draft(SUMMER, *sessions)))
    assert found == [("start-disagrees-with-durations", lines) for lines in expected]


def test_an_agenda_over_midnight_follows() -> None:
    items = [drafted(30, times("23:00"), 60), drafted(31, times("00:00"), 30)]
    assert told(check(draft(times("23:00"), *items))) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"title": "Etwas ganz anderes"}, "title “Etwas ganz anderes” / “Digitale Stadt”"),
        ({"platform": "Zoom"}, "platform “Zoom” / “Kudo”"),
        ({"dates": (JUNE + dt.timedelta(days=1),)}, "date “16 June 2020” / “15 June 2020”"),
        (
            {"overview": times("10:30-12:00", "11:30-13:00")},
            "time “10:30–12:00 CET / 11:30–13:00 TRT” / “10:00–12:00 CET / 11:00–13:00 TRT”",
        ),
    ],
)
def test_an_overview_that_says_something_else_is_told(row: dict, said: str) -> None:
    (found,) = check(draft(SUMMER, **{"overview": SUMMER, **row}))
    assert told([found]) == [("overview-disagrees", [5, 20])]
    assert said in found.message["en"]


@pytest.mark.parametrize(
    "row",
    [
        {"title": "Digitale Stadt: Beiträge der Kommunen"},
        {"title": "Die digitale Stadt"},
        {"platform": "KUDO"},
        {"platform": ""},
        {"dates": ()},
        {"overview": times("10:00")},
    ],
)
def test_an_overview_may_be_shorter(row: dict) -> None:
    assert told(check(draft(SUMMER, **{"overview": SUMMER, **row}))) == []


def test_what_is_only_in_the_overview_or_only_on_a_page_is_told() -> None:
    assert told(check(draft(SUMMER, overview=SUMMER, number=2, title="Jugend"))) == [
        ("overview-disagrees", [5]),
        ("overview-disagrees", [19]),
    ]


def test_a_day_that_ends_before_it_begins_is_an_error() -> None:
    (found,) = check(draft(times("12:00-10:00", "13:00-11:00")))
    assert (found.severity, found.code, found.places[0].line) == ("error", "ends-before-start", 20)


def test_a_time_that_does_not_exist_is_an_error() -> None:
    night = dt.date(2020, 3, 29)
    (found,) = check(draft(times("02:30-12:00"), date=night))
    assert (found.severity, found.code) == ("error", "time-does-not-exist")
    assert told(check(draft(times("03:30-12:00"), date=night))) == []


def test_a_conference_that_ends_before_it_begins_is_an_error() -> None:
    found = check(Draft(title="Konferenz", first_day=JUNE, last_day=JUNE - dt.timedelta(days=1)))
    assert [(f.severity, f.code) for f in found] == [("error", "ends-before-start")]


def test_two_spellings_in_one_draft_are_told_with_both_lines() -> None:
    def said(name: str, line: int) -> DraftAppearance:
        return DraftAppearance(name, organisation="IMIS", line=line)

    people = [said("Dr. Franck Düvell", 31), said("Franck Duvell", 32), said("Prof. Franck Düvell", 33)]
    session = drafted(30, times(), 120, appearances=people)
    assert told(check(draft(SUMMER, session))) == [("name-spelled-differently", [31, 32])]


def test_nothing_is_said_of_a_draft_in_order() -> None:
    items = (drafted(30, times("10:00", "11:00"), 60), drafted(31, times("11:00", "12:00"), 60))
    assert told(check(draft(SUMMER, *items, overview=SUMMER))) == []
    assert told(check(Draft(workshops=[DraftWorkshop(1, title="Ohne Tag")]))) == []
