"""Uploaded drafts are read one at a time, whatever becomes of their readers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from tests import factories
from workshops.domain.draft.child import read_in_child
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.uploads import read_next_upload as reading
from workshops.domain.uploads.draft_of import draft_of
from workshops.domain.uploads.read_next_upload import LEASE, read_next_upload, uploads_to_read
from workshops.domain.uploads.upload_draft import upload_draft
from workshops.models import Conference, DraftImport

DRAFT = (
    b"VORKONFERENZ 15.-18. JUNI 2020\n\nFachworkshop 1: Digitale Stadt\n\n"
    b"15. Juni 2020, 09:30-11:30 Uhr (deutscher Zeit, CET)\n\n"
    b"Zeit\tProgrammpunkt\tRedner/in\tDauer\n09:30\tAuftakt\tHarun Yilmaz, Stadt Konya\t15 Min.\n"
)
Status = DraftImport.Status


def upload(conference: Conference | None, data: bytes = DRAFT, **values: Any) -> DraftImport:
    return factories.make_draft_import(conference, file=data, **values)


def fresh(row: DraftImport) -> DraftImport:
    row.refresh_from_db()
    return row


def test_an_upload_waits_with_its_file(conference: Conference) -> None:
    boss = factories.make_organiser()
    row = upload_draft(
        conference=conference, name="Entwurf.txt", data=DRAFT, language="de", year=2020, by=boss
    )

    row = DraftImport.objects.get(pk=row.pk)
    assert (row.status, bytes(row.file or b""), row.created_by, row.attempts) == ("waiting", DRAFT, boss, 0)
    assert list(uploads_to_read()) == [row]


def test_a_long_name_keeps_its_ending(conference: Conference) -> None:
    row = upload_draft(conference=conference, name="ö" * 300 + ".txt", data=DRAFT)
    assert row.file_name == "ö" * 196 + ".txt"


def test_what_cannot_be_read_is_refused_and_not_kept(conference: Conference) -> None:
    with pytest.raises(DraftFileError, match=r"Files ending in “\.exe” cannot be read"):
        upload_draft(conference=conference, name="Entwurf.exe", data=DRAFT)
    assert DraftImport.objects.count() == 0


def test_what_was_read_is_kept_and_the_file_is_not(conference: Conference) -> None:
    row = upload(conference)

    assert read_next_upload() is True

    row = fresh(row)
    assert (row.status, row.file, row.attempts, row.claimed_at) == ("read", None, 1, None)
    assert draft_of(draft_import=row) == read_in_child(name="Entwurf.txt", data=DRAFT)
    assert read_next_upload() is False


def test_the_oldest_is_read_first(conference: Conference) -> None:
    rows = [upload(conference) for _ in range(3)]
    DraftImport.objects.filter(pk=rows[2].pk).update(created_at=timezone.now() - dt.timedelta(hours=1))

    read_next_upload()

    assert [fresh(row).status for row in rows] == ["waiting", "waiting", "read"]


def test_a_language_that_was_chosen_holds(conference: Conference) -> None:
    row = upload(conference, language="en")
    read_next_upload()
    assert draft_of(draft_import=fresh(row)).language == "en"


def test_what_no_database_stores_as_text_is_left_out(conference: Conference) -> None:
    row = upload(conference, DRAFT + b"\n" * 5000 + b"Zeile mit \0 und ")
    read_next_upload()
    assert draft_of(draft_import=fresh(row)).readings[-1].text == "Zeile mit  und"


def test_a_file_that_cannot_be_read_says_why_in_the_readers_language(conference: Conference) -> None:
    row = upload(conference, b"%PDF-1.4\nbroken", file_name="Entwurf.pdf")

    read_next_upload()

    row = fresh(row)
    assert (row.status, row.file, row.draft) == ("failed", None, None)
    assert row.problem == "The PDF is damaged and cannot be opened. Please export it once more."


def test_values_of_a_problem_are_kept_beside_its_words(conference: Conference) -> None:
    row = upload(conference, b"x\n" * 20_100)
    read_next_upload()
    assert fresh(row).problem == "The file is far too long for a programme: it has %(lines)d lines."
    assert row.report == {"values": {"lines": 20_101}}


def test_a_draft_being_read_is_left_to_its_reader(conference: Conference) -> None:
    upload(conference, status=Status.READING, attempts=1, claimed_at=timezone.now())
    assert read_next_upload() is False


@pytest.mark.parametrize("since", [LEASE + dt.timedelta(seconds=1), -LEASE - dt.timedelta(seconds=1)])
def test_a_draft_whose_reader_died_is_read_again(conference: Conference, since: dt.timedelta) -> None:
    row = upload(conference, status=Status.READING, attempts=1, claimed_at=timezone.now() - since)

    assert read_next_upload() is True

    assert (fresh(row).status, row.attempts) == ("read", 2)


def test_after_three_tries_it_is_given_up(conference: Conference) -> None:
    long_ago = timezone.now() - 2 * LEASE
    row = upload(conference, status=Status.READING, attempts=3, claimed_at=long_ago)
    other = upload(conference)

    assert read_next_upload() is True

    assert (fresh(row).status, row.file, row.report) == ("failed", None, {"values": {"tries": 3}})
    assert str(DraftFileError(row.problem, **row.report["values"])) == (
        "Reading this file broke off 3 times, so it was given up. "
        "Please save it once more, or as plain text, and upload it again."
    )
    assert fresh(other).status == "read"


def test_a_reader_that_comes_back_too_late_changes_nothing(conference: Conference) -> None:
    """Its lease ran out, and somebody else has the row by now."""
    row = upload(conference)
    late = reading._claim()
    assert late is not None
    taken = timezone.now()
    DraftImport.objects.filter(pk=row.pk).update(claimed_at=taken, attempts=2)

    reading._settle(late, status=Status.FAILED, problem="x")

    assert (fresh(row).status, row.claimed_at, row.problem) == ("reading", taken, "")


def test_what_an_older_release_had_read_is_refused_in_words(conference: Conference) -> None:
    from workshops.domain.import_programme.errors import ImportRefusedError

    row = upload(conference, status=Status.READ, draft={"language": "de"})
    with pytest.raises(ImportRefusedError, match="read by an older version of the site"):
        draft_of(draft_import=row)
