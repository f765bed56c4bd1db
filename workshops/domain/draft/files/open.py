"""Which reader a file needs, and the files that none may touch."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.archive import kind_of_archive
from workshops.domain.draft.files.table import read_csv
from workshops.domain.draft.files.text import read_txt
from workshops.domain.draft.values import Line

LARGEST = 10_000_000
MOST_LINES = 20_000
MOST_LETTERS = 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {"docx": "docx", "xlsx": "xlsx", "csv": "csv", "txt": "txt", "md": "txt", "pdf": "pdf"}
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(*, name: str, data: bytes) -> list[Line]:
    """The lines of a draft in one of the formats we read. Raises DraftFileError."""
    kind = kind_of(name=name, data=data)
    lines = [_storable(line) for line in _reader(kind)(data)]
    if not any(line.text for line in lines):
        raise DraftFileError(_NO_TEXT_IN_PDF if kind == "pdf" else _("There is no text in this file."))
    if len(lines) > MOST_LINES or sum(len(line.text) for line in lines) > MOST_LETTERS:
        raise DraftFileError(
            _("The file is far too long for a programme: it has %(lines)d lines."), lines=len(lines)
        )
    return lines


def _storable(line: Line) -> Line:
    """Without what PostgreSQL stores in no text: null bytes, and halves of characters."""
    if not any(_NOT_STORABLE.search(cell) for cell in line.cells):
        return line
    return replace(line, cells=tuple(_NOT_STORABLE.sub("", cell) for cell in line.cells))


def kind_of(*, name: str, data: bytes) -> str:
    """ "docx", "xlsx", "csv", "txt" or "pdf".

    Raises DraftFileError for anything else, and for what only claims to be one of them.
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    refuse_too_large(size=len(data))
    if not data.strip():
        raise DraftFileError(_("The file is empty."))
    found = _found(data, ending)
    if ending not in _ENDINGS:
        raise DraftFileError(_UNKNOWN_ENDING, ending=ending[:20])
    if _ENDINGS[ending] != found:
        raise DraftFileError(
            _("The file is called .%(ending)s, but it is a %(found)s file. Please give it the right ending."),
            ending=ending,
            found=found,
        )
    return found


def refuse_too_large(*, size: int) -> None:
    """Before so much is read into memory. `size` in bytes; raises DraftFileError."""
    if size > LARGEST:
        raise DraftFileError(
            _(
                "The file has %(size)d MB; at most %(largest)d MB can be read. Please remove pictures from it."
            ),
            size=-(-size // 1_000_000),
            largest=LARGEST // 1_000_000,
        )


def _found(data: bytes, ending: str) -> str:
    if data.startswith(_OLE):
        raise DraftFileError(_PROTECTED)
    if data.startswith(b"PK\x03\x04"):
        return kind_of_archive(data)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if b"\0" in data[:4096] and not data.startswith(_UTF_16):
        raise DraftFileError(_("This is not a text: the file holds other data."))
    return "csv" if ending == "csv" else "txt"


_UNKNOWN_ENDING = _(
    "Files ending in “.%(ending)s” cannot be read. Please save the draft as .docx, .xlsx, .csv, .txt or .pdf."
)
_PROTECTED = _(
    "The file is protected with a password, or in an old format. "
    "Please save it without a password as .docx or .xlsx."
)
_NO_TEXT_IN_PDF = _(
    "The PDF holds pictures of pages and no text. "
    "Please export it from the word processor, or upload the .docx itself."
)


def _reader(kind: str) -> Callable[[bytes], list[Line]]:
    """Readers with large libraries are loaded when they are needed."""
    if kind == "docx":
        from workshops.domain.draft.files.word import read_docx  # noqa: PLC0415

        return read_docx
    if kind == "xlsx":
        from workshops.domain.draft.files.sheet import read_xlsx  # noqa: PLC0415

        return read_xlsx
    if kind == "pdf":
        from workshops.domain.draft.files.pdf import read_pdf  # noqa: PLC0415

        return read_pdf
    return read_csv if kind == "csv" else read_txt
