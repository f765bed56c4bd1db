from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.table import filled
from workshops.domain.draft.values import Line

MOST_ROWS = 5_000
# What lies far to the right of a table is an accident: a stray blank, a format dragged along.
_MOST_COLUMNS = 60


def read_xlsx(data: bytes) -> list[Line]:
    """The rows of every visible sheet, each sheet’s name above them. Raises DraftFileError."""
    from openpyxl import load_workbook  # noqa: PLC0415 (large, and most processes never need it)

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        return [
            Line(number, cells, place, goes_on=False) for number, (cells, place) in enumerate(_rows(book), 1)
        ]
    except (DraftFileError, MemoryError):
        raise
    except Exception as error:
        raise DraftFileError(
            _("The workbook is damaged and cannot be opened. Please save it once more.")
        ) from error


def _rows(book: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    total = 0
    for sheet in sheets:
        if len(sheets) > 1:
            yield (str(sheet.title),), str(sheet.title)
        # The size that the file claims may be that of an empty sheet, or of a million rows.
        sheet.reset_dimensions()
        for values in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS):
            total += 1
            if total > MOST_ROWS:
                raise DraftFileError(_("The workbook has more than %(most)d rows."), most=MOST_ROWS)
            yield filled([_text(value) for value in values]), str(sheet.title)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime("%d.%m.%Y" if value.time() == dt.time() else "%d.%m.%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    if isinstance(value, dt.timedelta):
        return f"{int(value.total_seconds() // 60)} Min."
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
