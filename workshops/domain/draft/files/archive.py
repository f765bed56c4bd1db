"""Office files are ZIP archives: looked into before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError

MOST_BYTES = 60_000_000
MOST_ENTRIES = 2_000
_MAIN = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


def kind_of_archive(data: bytes) -> str:
    """ "docx" or "xlsx". Raises DraftFileError for bombs, macros, damaged and other archives."""
    try:
        names = _names(data)
    except DraftFileError:
        raise
    except _DAMAGED as error:
        raise DraftFileError(
            _("The file is damaged and cannot be opened. Please save it once more.")
        ) from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DraftFileError(_("The file holds macros. Please save it without macros, as .docx or .xlsx."))
    for name, kind in _MAIN.items():
        if name in names:
            return kind
    raise DraftFileError(_("This archive is neither a .docx nor an .xlsx file."))


def _names(data: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise DraftFileError(_TOO_LARGE)
        _count(archive, entries)
    return {entry.filename for entry in entries}


def _count(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpacks in pieces and counts: what the archive says of its own size may be a lie."""
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            while piece := stream.read(65_536):
                total += len(piece)
                if total > MOST_BYTES:
                    raise DraftFileError(_TOO_LARGE)


_TOO_LARGE = _("Unpacked, this file would be far too large for a programme. It was not opened.")
