"""Rows as a file for a spreadsheet: CSV or XLSX, in which no cell is ever run as a formula.

CSV is what Excel opens by itself where German and Turkish are spoken: semicolons, and UTF-8 with a byte order mark.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl import Workbook

Cell = str | int | dt.date | dt.datetime | None
# OWASP, "CSV injection"; their full-width forms are folded to these before they are looked for.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_BYTE_ORDER_MARK = "\ufeff"
_MOMENT = "yyyy-mm-dd hh:mm"
_DATE = "yyyy-mm-dd"
# What the name of a worksheet may not hold, and how long it may be.
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
# A date and a time fit; in a narrower column Excel shows ######## instead.
_NARROWEST = 18
# More text than this Excel calls a damaged file.
_LONGEST = 32_000
# What XML 1.0 has no way to write (2.2), of what a text can hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def defused(text: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet might take it for a formula.

    Also behind blanks and characters that are not seen: some programs trim them first.
    """
    clean = _UNWRITABLE.sub("", text)
    seen = unicodedata.normalize("NFKC", clean).lstrip(" \u00a0\u200b\u200c\u200d\u2060\ufeff")
    return f"'{clean}" if seen.startswith(_STARTS_A_FORMULA) else clean


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file line by line, so that a long list is never in memory as a whole."""
    writer = csv.writer(_Echo(), delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield _BYTE_ORDER_MARK
    yield writer.writerow([defused(name) for name in heading])
    for cells in rows:
        yield writer.writerow([_as_text(cell) for cell in cells])


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet; an empty `name` leaves it to the library."""

    name: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def xlsx_file(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """The file on disk, nameless, at its beginning; it is gone when it is closed."""
    return xlsx_book([Sheet("", heading, rows)])


def xlsx_book(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The same with several worksheets."""
    from openpyxl import Workbook  # noqa: PLC0415 (large, and most processes never need it)

    book = Workbook(write_only=True)
    for each in sheets:
        _write(book, each)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever sends it)
    book.save(file)
    file.seek(0)
    return file


def _write(book: Workbook, each: Sheet) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    name = _NOT_IN_A_NAME.sub(" ", each.name).strip("' ")[:_LONGEST_NAME]
    sheet: Any = book.create_sheet(name or None)
    sheet.freeze_panes = "A2"
    for number, title in enumerate(each.heading, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = max(_NARROWEST, len(title) + 2)
    sheet.append([_as_cell(sheet, title) for title in each.heading])
    for cells in each.rows:
        sheet.append([_as_cell(sheet, cell) for cell in cells])


class _Echo:
    """What csv writes to: gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _as_text(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return defused(str(cell)) if isinstance(cell, str) else "" if cell is None else str(cell)


def write_text(cell: Any, text: str) -> None:
    """Text is text: neither a formula nor an error nor a link, also when somebody edits the cell later.

    Nothing is put before it, so nothing must be taken away where the file comes back.
    """
    cell.value = _UNWRITABLE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = True


def _as_cell(sheet: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    if isinstance(value, dt.datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _MOMENT
        return cell
    if isinstance(value, dt.date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _DATE
        return cell
    if not isinstance(value, str) or not value:
        return WriteOnlyCell(sheet, None if value == "" else value)
    cell = WriteOnlyCell(sheet)
    write_text(cell, value[:_LONGEST])
    return cell
