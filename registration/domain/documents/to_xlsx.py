"""A document for a spreadsheet: tables of one name share a worksheet, and every clock has a column of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import override

from conference.spreadsheet import Cell as SheetCell
from conference.spreadsheet import Sheet, xlsx_book
from registration.domain.documents.content import Cell, Column, Content, Item, Kind, Lines, Phrase, Table
from workshops.clocks import Face
from workshops.languages import OWN_NAMES

_BETWEEN_LINES = "\n"


def document_xlsx(*, contents: Sequence[tuple[str, Content]]) -> bytes:
    """`contents`: the same document in each of its languages."""
    sheets = []
    for language, content in contents:
        own = f" ({OWN_NAMES[language]})" if len(contents) > 1 else ""
        sheets += [
            Sheet(f"{name}{own}", _heading(tables[0], content.labels), _in(language, _rows(tables, content)))
            for name, tables in _by_name(content).items()
        ]
    with xlsx_book(sheets) as file:
        return file.read()


def _in(language: str, rows: Iterator[list[SheetCell]]) -> Iterator[list[SheetCell]]:
    """Row by row as the file is written, so that a long list is never in memory; each in the sheet's language."""
    while True:
        with override(language):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _by_name(content: Content) -> dict[str, list[Table]]:
    """A document without any table still opens: as an empty worksheet."""
    found: dict[str, list[Table]] = {}
    for block in content.blocks:
        for table in block.tables:
            found.setdefault(table.name, []).append(table)
    return found or {content.title: [Table(content.title, (), ())]}


def _heading(table: Table, labels: Sequence[str]) -> list[str]:
    names = [label for label, _value in table.keys]
    for column in table.columns:
        names += _names(column, labels)
    return names


def _names(column: Column, labels: Sequence[str]) -> list[str]:
    if column.kind not in {Kind.CLOCKS, Kind.MOMENT}:
        return [column.label]
    return [f"{column.label} ({label})" if column.label else label for label in labels]


def _rows(tables: Sequence[Table], content: Content) -> Iterator[list[SheetCell]]:
    for table in tables:
        keys = [_cell(value) for _label, value in table.keys]
        for row in table.rows:
            yield [*keys, *_cells(table, row, len(content.labels))]


def _cells(table: Table, row: Sequence[Cell], clocks: int) -> Iterator[SheetCell]:
    for column, cell in zip(table.columns, row, strict=True):
        if column.kind in {Kind.CLOCKS, Kind.MOMENT}:
            faces: Any = cell or ()
            yield from (_moment(face) for face in faces)
            yield from [None] * (clocks - len(faces))
        else:
            yield _cell(cell)


def _moment(face: Face) -> dt.datetime:
    """As the clock shows it; a spreadsheet knows no zones."""
    return dt.datetime.combine(face.date, face.start.replace(second=0, microsecond=0))


def _cell(cell: Cell) -> SheetCell:
    if isinstance(cell, Item):
        return _BETWEEN_LINES.join(str(line) for line in (cell.title, *cell.notes))
    if isinstance(cell, Lines):
        return _BETWEEN_LINES.join(str(line) for line in cell.lines)
    if isinstance(cell, Phrase):
        return cell.text
    return cell if isinstance(cell, int | str | dt.date) else None
