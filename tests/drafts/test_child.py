from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from tests.drafts.test_whole_drafts import FILES, read, written
from workshops.domain.draft.child import read_in_child
from workshops.domain.draft.errors import DraftFileError

pytestmark = pytest.mark.sqlite

TEXT = (FILES / "vorkonferenz.txt").read_bytes()


@pytest.mark.parametrize("layout", ["txt", "docx", "pdf"])
def test_a_child_reads_what_the_parent_would(layout: str) -> None:
    assert read_in_child(name=f"draft.{layout}", data=written("vorkonferenz", layout)) == read(
        "vorkonferenz", layout
    )


def test_dates_without_a_year_are_in_the_one_that_is_asked_for() -> None:
    data = b"Workshop 1: Water\n\n15 June, 10:00-12:00 (CET)\n"
    years = [
        read_in_child(name="a.txt", data=data, year=year).workshops[0].days[0].date.year
        for year in (2027, 2031)
    ]
    assert years == [2027, 2031]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("draft.txt", b"", "The file is empty."),
        ("draft.pdf", b"%PDF-1.7 and nothing else", "The PDF is damaged and cannot be opened."),
        ("draft.doc", b"text", "Files ending in “.doc” cannot be read."),
        ("draft.txt", b"x" * 50_000_000, "The file has 50 MB; at most 10 MB can be read."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_as_in_the_parent(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DraftFileError, match=message):
        read_in_child(name=name, data=data)


def _children() -> set[str]:
    """Of this process, whoever started them."""
    lists = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {pid for children in lists for pid in children.read_text().split()}


def test_a_child_that_takes_too_long_is_ended() -> None:
    before = _children()
    slow = "\n".join(f"09:{minute % 60:02} (CET)\tWater\tA. B., City of Leeds" for minute in range(19_000))
    with pytest.raises(DraftFileError, match="Reading this file took more than 1 seconds"):
        read_in_child(name="draft.txt", data=slow.encode(), seconds=1)
    assert _children() - before == set()


def test_a_child_that_takes_too_much_memory_is_ended_and_the_parent_keeps_its_own_limits() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    large = "\n".join(f"09:{minute % 60:02} (CET)\tWater\tA. B., City of Leeds" for minute in range(60_000))
    with pytest.raises(DraftFileError, match="Reading this file took more than 45 MB of memory"):
        read_in_child(name="draft.txt", data=large.encode(), megabytes=45)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It works where nothing of the product is configured, so nothing of that needs to reach it."""
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "DATABASE_URL", "FIELD_KEYS"):
        monkeypatch.setenv(name, "no.such.settings")
    assert read_in_child(name="draft.txt", data=TEXT) == read("vorkonferenz", "as it is")
