"""Which files are taken: what they are, their content says, not their name."""

from __future__ import annotations

import pytest

from tests.material.files import PDF, office, package
from workshops.domain.material import LARGEST_FILE, CheckedFile, MaterialError, check_file

pytestmark = pytest.mark.sqlite
NEITHER = "This is none of the files that can go with a session: PDF, PPTX, DOCX, XLSX, ODP, ODT."
DAMAGED = "The file is damaged. Please save it once more."
MACROS = "The file contains macros. Please save it without them."
ODP = b"application/vnd.oasis.opendocument.presentation"
PPTX = office("ppt/presentation.xml")


@pytest.mark.parametrize(
    ("data", "given", "kept", "content_type"),
    [
        (PDF, "Folien.pdf", "Folien.pdf", "application/pdf"),
        (PDF, "sunum.html", "sunum.pdf", "application/pdf"),
        (PDF, "../../etc/İş Günü.v2.pdf", "etc_İş Günü.v2.pdf", "application/pdf"),
        (PDF, "a\r\nSet-Cookie: x\u202efdp.exe", "a_Set-Cookie_ x_fdp.pdf", "application/pdf"),
        (PDF, ".pdf", "material.pdf", "application/pdf"),
        (PDF, "x" * 300, "x" * 120 + ".pdf", "application/pdf"),
        (
            PPTX,
            "x.pptx",
            "x.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            office("word/document.xml"),
            "x.doc",
            "x.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            office("xl/workbook.xml"),
            "x",
            "x.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (package("content.xml", first=ODP), "x.zip", "x.odp", ODP.decode()),
        (
            package(first=b"application/vnd.oasis.opendocument.text\n"),
            "x.odt",
            "x.odt",
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_a_file_is_called_what_it_is(data: bytes, given: str, kept: str, content_type: str) -> None:
    assert check_file(data=data, file_name=given) == CheckedFile(content_type, kept, data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", NEITHER),
        (b"<!DOCTYPE html><script>alert(1)</script>", NEITHER),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', NEITHER),
        (b"MZ\x90\x00", NEITHER),
        (b"\n" + PDF, NEITHER),
        (PDF[:20], "The PDF file is damaged: its end is missing."),
        (PPTX[:40], DAMAGED),
        (b"PK\x03\x04" + b"0" * 100, DAMAGED),
        (package("index.html"), NEITHER),
        (package("ppt/presentation.xml"), NEITHER),
        (package(first=b"application/epub+zip"), NEITHER),
        (package(first=ODP * 9), NEITHER),
        (office("ppt/presentation.xml", "ppt/vbaProject.bin"), MACROS),
        (package("Basic/Standard/x.xml", first=ODP), MACROS),
        (package(*map(str, range(10_001))), "The file is made of too many parts."),
        (PDF + b"0" * LARGEST_FILE, "The file is larger than 20 MB."),
    ],
)
def test_what_cannot_go_with_a_session_is_refused_and_says_why(data: bytes, problem: str) -> None:
    with pytest.raises(MaterialError) as refused:
        check_file(data=data, file_name="Folien.pdf")
    assert str(refused.value.message) == problem
