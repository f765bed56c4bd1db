from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.columns import columns_of
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_table import Row

_SEPARATORS = (";", "\t", ",")
# Enough to tell by which sign the cells are parted.
_SAMPLE_LINES = 50


def rows_of_text(text: str, *, separator: str = "") -> list[Row]:
    """The rows of a CSV file; the separator is found out where none is named. Raises UnreadableList."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return list(_rows(text, separator or _separator_of(text)))
    except csv.Error:
        raise UnreadableList(
            _("The table cannot be read: a cell in it is not closed, or far too long.")
        ) from None


def _rows(text: str, separator: str) -> Iterator[Row]:
    """Numbered as an editor numbers the lines in which they begin."""
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    line = 0
    for cells in reader:
        yield line + 1, cells
        line = reader.line_num


def _separator_of(text: str) -> str:
    """Excel's own hint, else the one under which the head names most columns, or most cells hold one address."""
    first, _newline, _rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1]
    sample = "\n".join(text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    return max(_SEPARATORS, key=lambda separator: _likelihood(sample, separator))


def _likelihood(sample: str, separator: str) -> tuple[int, int]:
    try:
        rows = [cells for _line, cells in _rows(sample, separator)]
    except csv.Error:  # the sample may end within a cell
        rows = [line.split(separator) for line in sample.split("\n")]
    heads = (columns_of(cells) for cells in rows)
    named = max((len(head.places) for head in heads if head), default=0)
    return named, sum(cell.count("@") == 1 for cells in rows if len(cells) > 1 for cell in cells)
