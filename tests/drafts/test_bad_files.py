from __future__ import annotations

import io
import random
import time
import zipfile

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from tests.drafts.layouts import AS, pages_of
from tests.drafts.test_whole_drafts import written
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.values import Draft

pytestmark = pytest.mark.sqlite

DAMAGED = "damaged and cannot be opened"


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    return archive({"word/document.xml": b"<w:p/>", "word/media/image1.png": b"\0" * 80_000_000})


def understated_bomb() -> bytes:
    """Whose directory says that it holds a hundred bytes."""
    data = bytearray(bomb())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rfind(mark) if mark == b"PK\x01\x02" else data.find(mark, 60)
        data[place + offset : place + offset + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def with_macros() -> bytes:
    return archive({"word/document.xml": b"<w:p/>", "word/vbaProject.bin": b"macro"})


def scanned_pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    out, writer = io.BytesIO(), PdfWriter(PdfReader(io.BytesIO(written("iklim", "pdf"))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("draft.docx", lambda: b"", "The file is empty."),
        ("draft.txt", lambda: b" \n\t\n", "The file is empty."),
        ("draft.txt", lambda: b"x" * 50_000_000, "The file has 50 MB; at most 10 MB can be read."),
        ("draft.docx", bomb, "far too large for a programme"),
        ("draft.docx", understated_bomb, DAMAGED),
        ("draft.docm", with_macros, "The file holds macros."),
        ("draft.docx", with_macros, "The file holds macros."),
        ("draft.odt", lambda: b"text", "Files ending in “.odt” cannot be read."),
        ("draft", lambda: b"text", "Files ending in “.” cannot be read."),
        ("draft.pdf", lambda: written("iklim", "docx"), "called .pdf, but it is a docx file"),
        ("draft.docx", lambda: written("iklim", "xlsx"), "called .docx, but it is a xlsx file"),
        ("draft.txt", lambda: written("iklim", "pdf"), "called .txt, but it is a pdf file"),
        ("draft.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0", "the file holds other data"),
        ("draft.pdf", scanned_pdf, "The PDF holds pictures of pages and no text."),
        ("draft.pdf", encrypted_pdf, "The PDF is protected with a password."),
        ("draft.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected with a password"),
        ("draft.docx", lambda: written("iklim", "docx")[:-400], DAMAGED),
        ("draft.xlsx", lambda: archive({"xl/workbook.xml": b"<workbook"}), DAMAGED),
        ("draft.docx", lambda: archive({"word/document.xml": b"<w:p/>"}), DAMAGED),
        ("draft.docx", lambda: archive({"readme.txt": b"hello"}), "neither a .docx nor an .xlsx"),
        ("draft.pdf", lambda: written("iklim", "pdf")[:2000], DAMAGED),
        ("draft.txt", lambda: b"09:30 Uhr\n" * 100_000, "far too long for a programme: it has 100001 lines"),
        ("draft.csv", lambda: b'"' + b"a;" * 100_000, "a cell in it is not closed, or far too long"),
        ("draft.xlsx", lambda: AS["xlsx"](pages_of("Tagung\n\n" + "09:30\n" * 6_000)), "more than 5000 rows"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_a_clear_message(name: str, make: object, message: str) -> None:
    assert callable(make)
    data = make()
    start = time.process_time()
    with pytest.raises(DraftFileError) as caught:
        read_file(name=name, data=data)
    assert message in str(caught.value)
    assert time.process_time() - start < 3


def test_a_message_is_made_in_the_language_of_whoever_reads_it() -> None:
    error = DraftFileError("The file is called .%(ending)s.", ending="doc")
    with translation.override("de"):
        assert str(error) == "The file is called .doc."
    assert (error.message, error.values) == ("The file is called .%(ending)s.", {"ending": "doc"})


@pytest.mark.parametrize(
    ("layout", "examples"), [("txt", 25), ("csv", 25), ("docx", 40), ("xlsx", 40), ("pdf", 6)]
)
def test_a_mangled_file_is_read_or_refused(layout: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32), st.integers(1, 30), st.booleans())
    def read_or_refused(seed: int, times: int, inside: bool) -> None:
        data = (
            _mangled_inside(layout, seed, times)
            if inside
            else _mangled(written("iklim", layout), seed, times)
        )
        try:
            draft = read_draft(read_file(name=f"draft.{layout}", data=data))
        except DraftFileError:
            return
        assert isinstance(draft, Draft)

    read_or_refused()


def _mangled(data: bytes, seed: int, times: int) -> bytes:
    chance, mangled = random.Random(seed), bytearray(data)  # noqa: S311
    for _ in range(times):
        at = chance.randrange(len(mangled))
        kind = chance.randrange(3)
        if kind == 0:
            mangled[at] = chance.randrange(256)
        elif kind == 1:
            del mangled[at : at + chance.randrange(1, 30)]
        else:
            mangled[at:at] = mangled[at // 2 : at // 2 + chance.randrange(60)]
    return bytes(mangled or b" ")


def _mangled_inside(layout: str, seed: int, times: int) -> bytes:
    """An office file whose archive is whole and whose XML is not."""
    if layout not in {"docx", "xlsx"}:
        return _mangled(written("citydays", layout), seed, times)
    with zipfile.ZipFile(io.BytesIO(written("iklim", layout))) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    chosen = random.Random(seed).choice(sorted(entries))  # noqa: S311
    return archive({**entries, chosen: _mangled(entries[chosen], seed, times)})


@given(st.binary(max_size=400), st.sampled_from(["txt", "csv", "docx", "xlsx", "pdf"]))
@settings(max_examples=60, deadline=None)
def test_random_bytes_are_read_or_refused(data: bytes, ending: str) -> None:
    try:
        draft = read_draft(read_file(name=f"draft.{ending}", data=data))
    except DraftFileError:
        return
    assert isinstance(draft, Draft)


@given(st.lists(st.text(alphabet=st.sampled_from("AÇİ az09:.,;-–/()\tUhr→N"), max_size=60), max_size=30))
@settings(max_examples=80, deadline=None)
def test_no_text_stops_the_reader_and_no_line_is_lost(lines: list[str]) -> None:
    data = "\n".join(["Workshop 1: Wasser", "15. Juni 2026, 10:00", "Agenda", *lines]).encode()
    source = read_file(name="draft.txt", data=data)
    readings = read_draft(source).readings
    assert [reading.text for reading in readings] == [line.text for line in source if line.text]


@pytest.mark.parametrize(
    "piece",
    ["a ", "- ", "1. ", "((", "09:30 ", "A. ", "Ab ", "Ab-", "15. ", "1.1.", "**", "\t", "Ab, ", "/ ", ": "],
)
def test_text_made_to_be_slow_is_read_quickly(piece: str) -> None:
    text = f"Workshop 1: Wasser\n15. Juni 2026\nAgenda\n{piece * 3_900}\n" + f"{piece * 100}\n" * 400
    start = time.process_time()
    read_draft(read_file(name="draft.txt", data=(text + piece * 30_000).encode()))
    assert time.process_time() - start < 4
