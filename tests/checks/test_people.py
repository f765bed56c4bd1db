from __future__ import annotations

import datetime as dt

import pytest

from tests.checks.programmes import BEFORE, appears, codes, day, findings, house, item, speaker, workshop
from workshops.domain.checks.spelling import is_same_person

ADA = speaker("Ada", "Yılmaz")
NEAR = dt.datetime(2020, 6, 10, tzinfo=dt.UTC)


def test_a_person_in_two_workshops_at_once_is_told_with_both_times() -> None:
    one = workshop(day(item(60, appears(ADA)), item(60)), title={"de": "A", "tr": "A", "en": "A"})
    other = workshop(day(item(30), item(60, appears(ADA, role="moderator")), opens="10:15", closes="11:45"))
    (found,) = findings(one, other)
    assert found.code == "person-twice"
    assert "Ada Yılmaz" in found.message["en"]
    assert "10:00–11:00 CET / 11:00–12:00 TRT" in found.message["en"]
    assert "10:45–11:45 CET / 11:45–12:45 TRT" in found.message["en"]
    assert len(found.places) == 2


@pytest.mark.parametrize("opens", ["11:00", "12:30"])
def test_a_person_who_has_just_finished_may_go_on_elsewhere(opens: str) -> None:
    closes = f"{int(opens[:2]) + 1}{opens[2:]}"
    other = workshop(day(item(60, appears(ADA)), opens=opens, closes=closes))
    first = workshop(day(item(60, appears(ADA)), item(60)))
    assert findings(first, other) == findings(other, first) == []


def test_who_moderates_an_item_may_speak_in_its_parts() -> None:
    parts = (item(60, appears(ADA)), item(60))
    assert findings(workshop(day(item(120, appears(ADA, role="moderator"), parts=parts)))) == []


def test_where_the_end_is_open_nobody_is_told_to_be_in_two_places() -> None:
    other = workshop(day(item(None, appears(ADA))))
    assert codes(findings(workshop(day(item(120, appears(ADA)))), other)) == [
        ("note", "session-without-duration")
    ]


@pytest.mark.parametrize(("at", "severity"), [(BEFORE, "note"), (NEAR, "warning")])
def test_open_and_unnamed_people_are_told_one_by_one(at: dt.datetime, severity: str) -> None:
    city = house("antalya")
    provider = house("kudo", kind="provider")
    session = item(
        120,
        appears(None, organisation=city),
        appears(ADA, status="tbc"),
        appears(None, organisation=provider),
        appears(speaker("Can", "Öz")),
    )
    found = findings(workshop(day(session)), at=at)
    assert codes(found) == [(severity, "speaker-open")] * 2
    assert ["N.N., antalya en" in f.message["en"] for f in found] == [True, False]
    assert "Ada Yılmaz is still to be confirmed" in found[1].message["en"]


@pytest.mark.parametrize(
    ("one", "other", "same_house", "expected"),
    [
        (("Franck", "Düvell"), ("Franck", "Duvell"), False, True),
        (("Franck", "Düvell"), ("Franck", "Duevell"), False, True),
        (("İbrahim", "Karatüme"), ("Ibrahim", "Karatume"), False, True),
        (("Ayşe", "Işık"), ("Ayse", "Isik"), False, True),
        (("Yılmaz", "Ada"), ("Ada", "Yilmaz"), False, True),
        (("Peter", "Aldelskamp"), ("Peter", "Adelskamp"), True, True),
        (("Peter", "Aldelskamp"), ("Peter", "Adelskamp"), False, False),
        (("Peter", "Aldelskamp"), ("Peter", "Aldelskmap"), True, True),
        (("Peter", "Aldelskamp"), ("Peter", "Aldelskmpa"), True, False),
        (("Can", "Öz"), ("Cem", "Öz"), True, False),
        (("Ali", "Er"), ("Ali", "Eş"), True, False),
        (("Sabine", "Drees"), ("Sabine", "Drees"), True, True),
        (("Sabine", "Drees"), ("Sabine", "Drees"), False, False),
        (("Iraz", "Bayındır"), ("Idris", "Akdın"), True, False),
    ],
)
def test_names_of_one_person(one: tuple, other: tuple, same_house: bool, expected: bool) -> None:
    assert is_same_person(one, other, same_house=same_house) is expected
    assert is_same_person(other, one, same_house=same_house) is expected


def test_one_person_entered_twice_is_told_and_the_entry_with_more_appearances_stays() -> None:
    duvell, marked = speaker("Franck", "Duvell"), speaker("Franck", "Düvell")
    (found,) = findings(workshop(day(item(60, appears(marked)), item(60, appears(duvell)))))
    assert found.code == "name-spelled-differently"
    assert found.proposal is not None
    assert found.proposal.key == "merge-people:franck-düvell:franck-duvell"
    (found,) = findings(
        workshop(day(item(40, appears(marked)), item(40, appears(duvell)), item(40, appears(duvell))))
    )
    assert found.proposal is not None
    assert found.proposal.key == "merge-people:franck-duvell:franck-düvell"
