from __future__ import annotations

import csv
import io

from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.text import decode
from workshops.domain.draft.tables import columns_of
from workshops.domain.draft.times import find_times
from workshops.domain.draft.values import Line

# A letter that no draft holds: rows parted by it are lines.
_NEVER = "\x1f"


def read_csv(data: bytes) -> list[Line]:
    """Rows parted by semicolons, tabs or commas; cells may hold several lines."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    return max((_parted(text, by) for by in (_NEVER, ";", "\t", ",")), key=_likelihood)


def _parted(text: str, by: str) -> list[Line]:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=by))
    except csv.Error as error:
        raise DraftFileError(
            _("The table cannot be read: a cell in it is not closed, or far too long.")
        ) from error
    return [Line(number, filled(cells), goes_on=False) for number, cells in enumerate(rows, 1)]


def _likelihood(lines: list[Line]) -> tuple[int, int]:
    """By the tables in it, which have heads or times; texts may hold more commas than a table semicolons."""
    rows = [line for line in lines if line.is_row]
    return sum(columns_of(line) is not None for line in rows), sum(
        bool(find_times(line.cells[0])) for line in rows
    )


def filled(cells: list[str]) -> tuple[str, ...]:
    """The cells up to the last that holds something. One at the beginning is a line, not a row."""
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
