"""Files that are not taken, each with its reason, and nothing in them that is run or followed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from tests.translations.exchange_files import UNIT, batch, refusal, unit, xliff
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.translations.exchange.child import read_in_child
from workshops.domain.translations.exchange.read_returned import LARGEST, read_returned
from workshops.domain.translations.exchange.sheet import MOST_ROWS, read_sheet, write_sheet
from workshops.domain.translations.exchange.values import Batch
from workshops.domain.translations.exchange.xliff import write_xliff

pytestmark = pytest.mark.sqlite
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><xliff version="1.2"><file>&c;</file></xliff>"""
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xliff version="1.2">&e;</xliff>'
NO_DOCTYPE = "The file declares a document type or entities of its own. An XLIFF file needs none; not opened."


@pytest.mark.parametrize("data", [LAUGHS, OUTSIDE, b'<!DOCTYPE xliff SYSTEM "http://x.example/"><xliff/>'])
def test_document_types_and_entities_are_not_read(data: bytes) -> None:
    assert refusal(data) == NO_DOCTYPE
    assert refusal(data.decode().encode("utf-16")) == NO_DOCTYPE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" \n", "The file is empty."),
        (b"Tag;Gun", "This is neither an XLIFF file nor a workbook (.xlsx)."),
        (b"<html></html>", "This is an XML file, but no XLIFF file."),
        (
            b"<xliff>\n<file></xliff>",
            "This is not a whole XML file: it cannot be read from line 2, column 9 on.",
        ),
        (
            b'<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>',
            "This is XLIFF 2.1. Please have it saved as XLIFF 1.2, as it was sent.",
        ),
        (b'<xliff version="1.2"/>', "There is no translation in this file."),
        (xliff(""), "There is no translation in this file."),
        (
            xliff(UNIT, **{"target-language": ""}),
            "The file does not say from which language into which one it translates.",
        ),
        (
            xliff(UNIT, **{"target-language": "fr-FR"}),
            "The file holds texts in a language that this programme does not have: “fr”.",
        ),
        (
            xliff(UNIT, **{"target-language": "de"}),
            "The file names the same language for source and translation.",
        ),
        (
            b'<?xml version="1.0" encoding="x-none"?><a/>',
            "The file’s letters cannot be read. Please have it saved as UTF-8.",
        ),
        (b"\xff\xfe<\x00\x00\xd8", "The file’s letters cannot be read. Please have it saved as UTF-8."),
        (b"<" + b" " * LARGEST, "The file has 6 MB; at most 5 MB can be read. Please send it in parts."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600,
            "The file is protected with a password, or in an old format. "
            "Please save it without a password as .xlsx.",
        ),
        (b"PK\x03\x04 broken", "The file is damaged and cannot be opened. Please save it once more."),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(data: bytes, said: str) -> None:
    assert refusal(data) == said


def archive(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), data)
    return file.getvalue()


def test_bombs_macros_and_other_archives_are_refused() -> None:
    bomb = archive(xl__workbook_xml=b"0" * 70_000_000)
    assert refusal(bomb) == "Unpacked, this file would be far too large for a programme. It was not opened."
    assert refusal(archive(xl__workbook_xml=b"", xl__vbaProject_bin=b"")) == (
        "The file holds macros. Please save it without macros, as .docx or .xlsx."
    )
    assert refusal(archive(word__document_xml=b"")) == (
        "This is a text document. Please upload the workbook (.xlsx), or XLIFF."
    )
    assert refusal(archive(xl__workbook_xml=b"")) == (
        "The workbook is damaged and cannot be opened. Please save it once more."
    )


def test_what_lies_within_a_text_or_a_file_is_no_text_and_no_file_of_its_own() -> None:
    """Otherwise a file of texts within texts would be read as often as it is deep."""
    inner = '<trans-unit id="b"><source>Ort</source><target>Yer</target></trans-unit>'
    file = '<file source-language="de" target-language="tr"><body>' + inner + "</body></file>"
    nested = f'<group><trans-unit id="a"><source>Tag</source><target>Gün</target>{inner}</trans-unit></group>'
    rows = read_returned(data=xliff(nested + UNIT.replace('"a"', '"c"'))).rows
    assert [(row.place, row.key) for row in rows] == [(1, "a"), (2, "c")]
    assert [row.key for row in read_returned(data=xliff(file)).rows] == ["b"]


@pytest.mark.parametrize("write", [write_xliff, write_sheet])
def test_a_child_reads_what_the_parent_would(write: Callable[[Batch], bytes]) -> None:
    with override("tr"):
        data = write(batch(unit(target="Karşılama")))
    assert read_in_child(data=data) == read_returned(data=data)


def test_rows_that_hold_nothing_are_not_counted() -> None:
    book = load_workbook(io.BytesIO(write_sheet(batch())))
    far = book.active.cell(MOST_ROWS + 500, 3)
    far.font = Font(bold=True)
    formatted = saved(book)
    book.active.cell(MOST_ROWS + 500, 1).value = "workshops.session.1.title"
    assert [row.key for row in read_sheet(formatted).rows] == [unit().key]
    assert [row.place for row in read_sheet(saved(book)).rows] == [2, MOST_ROWS + 500]


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_made_to_hurt_ends_with_the_process_that_reads_it() -> None:
    """A few kilobytes, of which hundreds of thousands of cell formats are made."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write_sheet(batch()))) as whole, zipfile.ZipFile(file, "w", 8) as bomb:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/styles.xml":
                data = data.replace(b"</cellXfs>", b"<xf/>" * 300_000 + b"</cellXfs>")
            bomb.writestr(name, data)
    with pytest.raises(DraftFileError, match="Reading this file took more than 110 MB of memory"):
        read_in_child(data=file.getvalue(), megabytes=110)


@pytest.mark.parametrize("said", ["x" * 300, "nicht ändern!", "12:34", ""])
def test_what_became_of_a_digest_counts_as_none(said: str) -> None:
    digests = {"source_digest": said, "target_digest": said}
    rows = [read_returned(data=write(batch(unit(**digests)))).rows[0] for write in (write_xliff, write_sheet)]
    assert [(row.source_digest, row.target_digest) for row in rows] == [("", ""), ("", "")]
