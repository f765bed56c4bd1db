from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.drafts.layouts import AS, pages_of
from tests.drafts.outline import outline
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.times import Times
from workshops.domain.draft.values import Draft, DraftSession

pytestmark = pytest.mark.sqlite

FILES = Path(__file__).parent / "files"
DEMO = Path(__file__).parents[2] / "workshops/demo/programme.toml"


@cache
def written(name: str, layout: str) -> bytes:
    data = (FILES / f"{name}.txt").read_bytes()
    return data if layout == "as it is" else AS[layout](pages_of(data.decode()))


def read(name: str, layout: str = "txt") -> Draft:
    ending = "txt" if layout == "as it is" else layout
    return read_draft(read_file(name=f"{name}.{ending}", data=written(name, layout)))


@pytest.mark.parametrize("layout", ["as it is", *AS])
@pytest.mark.parametrize("name", ["vorkonferenz", "iklim", "citydays"])
def test_a_draft_says_the_same_in_every_layout(name: str, layout: str) -> None:
    assert outline(read(name, layout)) == (FILES / f"{name}.outline").read_text()


def test_the_real_draft_gives_every_item_and_everybody_of_the_programme() -> None:
    draft = read("vorkonferenz", "as it is")
    demo = tomllib.loads(DEMO.read_text())
    named = {who.name for session in _all(draft) for who in session.appearances if who.name}
    assert {re.sub(r"^(Dr|Prof)\. ", "", name) for name in named} == {
        f"{speaker['first_name']} {speaker['last_name']}" for speaker in demo["speakers"]
    }
    assert [sum(1 for _ in _sessions_of_number(draft, number)) for number in (1, 2, 3, 4)] == [10, 10, 9, 13]


def test_the_real_draft_contradicts_itself_in_one_place() -> None:
    draft = read("vorkonferenz", "as it is")
    assert [row.line for row in draft.overview if not _is_an_hour_apart(row.times)] == [62]
    days = [day for workshop in draft.workshops for day in workshop.days]
    timed = [session.times for session in _all(draft) if session.times]
    assert [times for times in (*timed, *(day.times for day in days)) if not _is_an_hour_apart(times)] == []
    assert [
        (workshop.number, day.times != row.times)
        for workshop, row in zip(draft.workshops, draft.overview, strict=True)
        for day in workshop.days
    ] == [(1, False), (2, True), (3, False), (4, False), (4, False)]


def test_the_durations_of_the_real_draft_lead_from_each_item_to_the_next() -> None:
    for workshop in read("vorkonferenz", "as it is").workshops[:2]:
        sessions = workshop.days[0].sessions
        starts = [_minute(session.times) for session in sessions]
        lasting = [session.minutes or 0 for session in sessions]
        assert [start + minutes for start, minutes in zip(starts, lasting, strict=True)][:-1] == starts[1:]


@pytest.mark.parametrize(
    ("name", "layout"), [("vorkonferenz", "txt"), ("iklim", "docx"), ("citydays", "pdf")]
)
def test_every_line_of_a_draft_is_accounted_for(name: str, layout: str) -> None:
    source = read_file(name=f"{name}.{layout}", data=written(name, layout))
    readings = read_draft(source).readings
    assert [(reading.line, reading.text) for reading in readings] == [
        (line.number, line.text) for line in source if line.text
    ]


def test_what_was_understood_stands_beside_each_line_of_the_real_draft() -> None:
    readings = {reading.line: reading.what for reading in read("vorkonferenz", "as it is").readings}
    assert {number: readings[number] for number in (7, 9, 58, 64, 94, 96, 98, 171)} == {
        7: ("page head", "conference dates", "conference title"),
        9: (),
        58: ("table head",),
        64: ("overview",),
        94: ("workshop",),
        96: ("hosts",),
        98: ("dates and times", "platform"),
        171: ("hosts",),
    }


def _all(draft: Draft) -> Iterator[DraftSession]:
    for workshop in draft.workshops:
        yield from _sessions_of_number(draft, workshop.number)


def _sessions_of_number(draft: Draft, number: int | None) -> Iterator[DraftSession]:
    workshop = next(workshop for workshop in draft.workshops if workshop.number == number)
    for day in workshop.days:
        for session in day.sessions:
            yield from _with_parts(session)


def _with_parts(session: DraftSession) -> Iterator[DraftSession]:
    yield session
    for part in session.parts:
        yield from _with_parts(part)


def _is_an_hour_apart(times: Times) -> bool:
    assert times.home is not None
    assert times.partner is not None
    return times.partner.start.hour - times.home.start.hour == 1


def _minute(times: Times) -> int:
    assert times.home is not None
    return times.home.start.hour * 60 + times.home.start.minute
