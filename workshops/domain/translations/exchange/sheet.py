"""A workbook for offices, and colleagues, without a translation program."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from conference.spreadsheet import write_text
from workshops.domain.draft.files.archive import kind_of_archive
from workshops.domain.translations.exchange.errors import ExchangeFileError
from workshops.domain.translations.exchange.languages import checked_languages
from workshops.domain.translations.exchange.values import (
    Batch,
    Returned,
    ReturnedRow,
    Unit,
    digest_in,
    portable,
)
from workshops.languages import CODES

MOST_ROWS = 20_000
# Excel's own limit; it counts as UTF-16 does.
LONGEST_CELL = 32_767
_ID, _CHECK = "id", "check"
_REMARK = _("Remark")
_WIDTHS = {"A": 14, "B": 36, "C": 60, "D": 60, "E": 30, "F": 12}
_TO_FILL_IN = ("D", "E")
# In a workbook "_x0041_" stands for a character (ECMA-376, 22.9.2.19); an underscore that is one is written so:
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNDERSCORE = "_x005F_"
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x000D_")
_SOURCE_HEAD, _TARGET_HEAD = re.compile(r"\[(\w+)\]\s*$"), re.compile(r"\[(\w+) → (\w+)\]\s*$")
_NO_TEXT = _("The cell holds a number, a date or an error instead of a text.")
_HEAD_WITHIN = 10
_MOST_COLUMNS = 26


def write_sheet(batch: Batch) -> bytes:
    """The workbook. Raises ExchangeFileError where a text is longer than a cell can hold."""
    from openpyxl import Workbook  # noqa: PLC0415 (large, and most processes never need it)

    book = Workbook()
    sheet: Any = book.active
    sheet.title = f"{batch.source_language}-{batch.target_language}"
    rows = [_heading(batch), *(_cells(unit) for unit in batch.units)]
    for number, values in enumerate(rows, start=1):
        for letter, value in zip(_WIDTHS, values, strict=True):
            _write(sheet[f"{letter}{number}"], value, is_head=number == 1)
    _lay_out(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _heading(batch: Batch) -> tuple[str, ...]:
    source, target = batch.source_language, batch.target_language
    return (
        _ID,
        gettext("Where it stands"),
        f"{gettext('Source text')} [{source}]",
        f"{gettext('Translation')} [{source} → {target}]",
        gettext(_REMARK),
        _CHECK,
    )


def _cells(unit: Unit) -> tuple[str, ...]:
    context = "\n".join((unit.context, *unit.hints))
    values = (unit.key, context, unit.source, unit.target, "", f"{unit.source_digest}:{unit.target_digest}")
    for value in values:
        if len(_escaped(value).encode("utf-16-le")) // 2 > LONGEST_CELL:
            raise ExchangeFileError(
                _("This text is too long for a cell of a workbook: %(where)s. Please choose XLIFF."),
                where=unit.context,
            )
    return values


def _write(cell: Any, value: str, *, is_head: bool) -> None:
    if value:
        write_text(cell, _escaped(value))
    is_open = not is_head and cell.column_letter in _TO_FILL_IN
    for name, style in _styles(is_head=is_head, is_open=is_open).items():
        setattr(cell, name, style)
    if is_open:
        # What is typed stays text: "2020", "1.-3. Juni", "= …".
        cell.number_format = "@"


def _lay_out(sheet: Any) -> None:
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.column_dimensions["F"].hidden = True
    # Without a password: against accidents. Columns and rows may still be made wider.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _escaped(text: str) -> str:
    return _LOOKS_ESCAPED.sub(_UNDERSCORE, text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\r" if match[0] == "_x000D_" else "_", text)


@cache
def _styles(*, is_head: bool, is_open: bool) -> dict[str, Any]:
    """How a cell looks, and whether it can be typed into, by the cell's own names for it."""
    from openpyxl.styles import Alignment, Font, PatternFill, Protection  # noqa: PLC0415

    styles: dict[str, Any] = {
        "alignment": Alignment(wrap_text=True, vertical="top"),
        "protection": Protection(locked=not is_open),
    }
    if is_head:
        return {**styles, "font": Font(bold=True), "fill": PatternFill("solid", "D5E0F2")}
    return styles if is_open else {**styles, "fill": PatternFill("solid", "EEEEEE")}


def read_sheet(data: bytes, *, heads: frozenset[str] | None = None) -> Returned:
    """What came back. Raises DraftFileError for archives that are none or hold too much, else ExchangeFileError.

    `heads` are those of the column for remarks, where this process cannot translate them itself.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 (large, and most processes never need it)

    if kind_of_archive(data) != "xlsx":
        raise ExchangeFileError(_("This is a text document. Please upload the workbook (.xlsx), or XLIFF."))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        return _returned(book, remark_heads() if heads is None else heads)
    except (ExchangeFileError, MemoryError):
        raise
    except Exception as error:
        raise ExchangeFileError(
            _("The workbook is damaged and cannot be opened. Please save it once more.")
        ) from error


def _returned(book: Any, heads: frozenset[str]) -> Returned:
    for sheet in book.worksheets:
        # The size that the file claims may be that of an empty sheet, or of a million rows.
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1)
        for number, cells in rows:
            columns = _columns(cells, heads)
            if columns is not None:
                return _from_rows(rows, columns, cells)
            if number >= _HEAD_WITHIN:
                break
    raise ExchangeFileError(
        _(
            "No sheet has the columns that were sent: “id”, a source text and a translation. "
            "Please keep the first row as it was."
        )
    )


def _columns(cells: Any, heads: frozenset[str]) -> dict[str, int] | None:
    """Where each column stands, by the words of the first row; None where this is not the first row."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = _column(str(cell.value or "").strip(), heads)
        if name:
            found.setdefault(name, index)
    return found if {_ID, "source", "target"} <= set(found) else None


def _column(head: str, heads: frozenset[str]) -> str:
    if head.lower() in {_ID, _CHECK}:
        return head.lower()
    if _TARGET_HEAD.search(head):
        return "target"
    if _SOURCE_HEAD.search(head):
        return "source"
    return "remark" if head in heads else ""


def remark_heads() -> frozenset[str]:
    """In any of our languages: the file may have been made by somebody who reads another one."""
    heads = set()
    for code in CODES:
        with override(code):
            heads.add(gettext(_REMARK))
    return frozenset(heads)


def _from_rows(rows: Iterator[tuple[int, Any]], columns: dict[str, int], head: Any) -> Returned:
    match = _TARGET_HEAD.search(str(head[columns["target"]].value))
    source, target = checked_languages(*(match.groups() if match else (None, None)))
    found: list[ReturnedRow] = []
    for number, cells in rows:
        if (row := _row(number, cells, columns, target)) is not None:
            found.append(row)
        # Rows that are only formatted may reach far beyond the last text.
        if len(found) > MOST_ROWS:
            raise ExchangeFileError(_("The workbook has more than %(most)d rows."), most=MOST_ROWS)
    return Returned(source_language=source, target_language=target, rows=tuple(found), is_sheet=True)


def _row(number: int, cells: Any, columns: dict[str, int], language: str) -> ReturnedRow | None:
    at = {name: cells[index] for name, index in columns.items() if index < len(cells)}
    values = {name: _text(at[name].value) if name in at else "" for name in columns}
    if not values[_ID].strip() and not values["target"].strip():
        return None
    check = values.get(_CHECK, "").partition(":")
    return ReturnedRow(
        place=number,
        key=values[_ID].strip(),
        source=values["source"],
        target=values["target"],
        source_digest=digest_in(check[0]),
        target_digest=digest_in(check[2]),
        remark=values.get("remark", "").strip(),
        language=language,
        unreadable=_unreadable(at.get("target"), values[_ID]),
    )


def _unreadable(cell: Any, key: str) -> str:
    if not key.strip():
        return _("This row has no id.")
    kind = "s" if cell is None or cell.value is None else cell.data_type
    if kind == "f":
        return _("The cell holds a formula instead of a text.")
    return "" if kind in {"s", "inlineStr", "str"} else _NO_TEXT


def _text(value: Any) -> str:
    return "" if value is None else portable(_unescaped(str(value)))
