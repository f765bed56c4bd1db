"""Two versions of a text beside each other: what differs is marked, and shown first of a long one."""

from __future__ import annotations

import pytest

from workshops.admin.text_sides import LONG, Side, excerpt, sides

COMMON = "Die Städte tauschen sich aus. " * 20


def test_what_differs_stands_between_what_both_have() -> None:
    assert sides("Beginn um zehn Uhr dreißig", "Beginn um elf Uhr dreißig") == (
        Side("Beginn um", " zehn", " Uhr dreißig"),
        Side("Beginn um", " elf", " Uhr dreißig"),
    )


def test_what_was_added_differs_on_one_side_only() -> None:
    assert sides("eins zwei", "eins zwei\ndrei") == (Side("eins zwei"), Side("eins zwei", "\ndrei"))


@pytest.mark.parametrize(
    ("one", "other"), [("", "neu"), ("neu", ""), ("ganz anders gesagt", "neu geschrieben")]
)
def test_nothing_is_marked_in_a_text_written_anew(one: str, other: str) -> None:
    assert sides(one, other) == (Side(one), Side(other))


def test_a_long_text_is_shown_from_shortly_before_the_difference() -> None:
    one, other = sides(f"{COMMON}mit Jugendlichen. {COMMON}", f"{COMMON}mit Fachleuten. {COMMON}")
    before = "… Städte tauschen sich aus. Die Städte tauschen sich aus. mit"
    assert [(excerpt(side).before, excerpt(side).differing) for side in (one, other)] == [
        (before, " Jugendlichen."),
        (before, " Fachleuten."),
    ]


def test_of_a_long_text_written_anew_the_beginning_is_shown() -> None:
    assert excerpt(Side(COMMON)) == Side(f"{COMMON[: LONG - 1].rstrip()}…")


def test_the_start_is_never_longer_than_it_may_be() -> None:
    for side in sides(f"a {'x' * 500} {COMMON}", f"a {'y' * 500} {COMMON}"):
        assert len(excerpt(side).text) <= LONG + 1
