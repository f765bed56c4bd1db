from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_table import Row, has_head, read_table
from registration.domain.invitation_lists.values import Given
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.archive import kind_of_archive

_MOST_COLUMNS = 60
# Read as a whole before the first row: the texts of 20,000 rows fill a fraction of it.
_MOST_TEXT = 25_000_000
_TEXTS = "xl/sharedStrings.xml"
# Excel has no more; only a forged file does.
_LAST_ROW = 1_048_576
_TOO_MUCH = _("The workbook holds far more than a list of people.")


def read_workbook(data: bytes) -> Given:
    """The first visible sheet that holds addresses, row by row, never the whole workbook. Raises UnreadableList."""
    from openpyxl import load_workbook  # noqa: PLC0415 (large, and most processes never need it)

    _look_into_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return _read(book)
    except (UnreadableList, MemoryError):
        raise
    except Exception:
        raise UnreadableList(
            _("The workbook is damaged and cannot be opened. Please save it once more.")
        ) from None


def rows_of_workbook(data: bytes) -> list[Row]:
    """The rows of the first visible sheet that has any. Raises UnreadableList."""
    from openpyxl import load_workbook  # noqa: PLC0415 (large, and most processes never need it)

    _look_into_archive(data)
    try:
        book: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        visible = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        return next((rows for sheet in visible if (rows := list(_rows(sheet)))), [])
    except (UnreadableList, MemoryError):
        raise
    except Exception:
        raise UnreadableList(
            _("The workbook is damaged and cannot be opened. Please save it once more.")
        ) from None


def _look_into_archive(data: bytes) -> None:
    try:
        kind = kind_of_archive(data)
    except DraftFileError:
        raise UnreadableList(
            _(
                "This workbook cannot be opened: it is damaged, holds macros, or is far larger than a list of people. "
                "Please save it once more as .xlsx, without macros."
            )
        ) from None
    if kind != "xlsx":
        raise UnreadableList(_("This is a text document. Please save the list as .xlsx or .csv."))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = next((entry for entry in archive.infolist() if entry.filename == _TEXTS), None)
    if texts is not None and texts.file_size > _MOST_TEXT:
        raise UnreadableList(_TOO_MUCH)


def _read(book: Any) -> Given:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise UnreadableList(_("The workbook has no visible sheet."))
    chosen = next((sheet for sheet in sheets if _holds_addresses(sheet)), sheets[0])
    given = read_table(_rows(chosen))
    others = tuple(str(sheet.title) for sheet in sheets if sheet is not chosen)
    return Given(given.rows, given.columns, given.unread, others)


def _holds_addresses(sheet: Any) -> bool:
    start = [row for row, _ in zip(_rows(sheet), range(50), strict=False)]
    return has_head(start) or any("@" in cell for _line, cells in start for cell in cells)


def _rows(sheet: Any) -> Iterator[Row]:
    # The size that the file claims may be that of an empty sheet, or of a million rows.
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
        if number > _LAST_ROW:
            raise UnreadableList(_TOO_MUCH)
        if any(values):
            yield number, [_text(value) for value in values]


def _text(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
