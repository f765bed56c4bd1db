"""Files made to reach beyond themselves reach nothing, and are never given back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from tests import factories
from workshops.domain.draft.serialise import as_json
from workshops.domain.uploads.draft_of import draft_of
from workshops.domain.uploads.read_next_upload import read_next_upload
from workshops.models import Conference

SECRET = "kanarya-4711"


def with_entity(archive: bytes, entry: str, text: str, secret: Path) -> bytes:
    """The same archive; where `text` stood there is an entity that names a file of ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name == entry:
                assert text in data
                declared = f'<!DOCTYPE x [<!ENTITY stolen SYSTEM "{secret.as_uri()}">]>'
                head, _, rest = data.rpartition("?>")
                data = f"{head}?>{declared}{rest}" if head else declared + data
                data = data.replace(text, "&stolen;")
            target.writestr(name, data.encode("utf-8", "surrogateescape"))
    return out.getvalue()


def word(text: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("Fachworkshop 1: Digitale Stadt")
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def sheet(text: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Zeit", "Programmpunkt"])
    book.active.append(["09:30", text])
    book.save(out)
    return out.getvalue()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "entry"), [("Entwurf.docx", "word/document.xml"), ("Entwurf.xlsx", "xl/sharedStrings.xml")]
)
def test_xml_of_a_draft_reads_no_file_of_ours(
    conference: Conference, tmp_path: Path, name: str, entry: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    archive = word("PLATZHALTER") if name.endswith("docx") else sheet("PLATZHALTER")
    row = factories.make_draft_import(
        conference, file_name=name, file=with_entity(archive, entry, "PLATZHALTER", secret)
    )
    plain = factories.make_draft_import(conference, file_name=name, file=archive)

    while read_next_upload():
        pass

    row.refresh_from_db()
    plain.refresh_from_db()
    assert "PLATZHALTER" in str(as_json(draft_of(draft_import=plain)))
    assert row.status in {"read", "failed"}
    assert SECRET not in str(row.draft)
