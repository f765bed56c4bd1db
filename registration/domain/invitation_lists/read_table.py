"""From the rows of a table to people, whatever the order of its columns, with titles or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.columns import (
    EMAIL,
    FIRST,
    LANGUAGE,
    LAST,
    ORGANISATION,
    WHOLE,
    WORKSHOPS,
    Columns,
    columns_of,
)
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.person import person_of, pieces
from registration.domain.invitation_lists.values import MOST_ROWS, NO_ADDRESS, Given, GivenRow

Row = tuple[int, Sequence[str]]
# A title may stand above the table; its head is not further down than this.
_HEAD_WITHIN = 20
_BESIDE = (FIRST, LAST, WHOLE, ORGANISATION, LANGUAGE)


def read_table(rows: Iterable[Row]) -> Given:
    """Each row with its number in the file, from 1. Raises UnreadableList."""
    ahead = iter(rows)
    start = list(islice(ahead, _HEAD_WITHIN))
    place, columns = _head(start)
    people = _people(chain(start[place:], ahead), columns)
    found = tuple(islice(people, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise UnreadableList(
            _("At most %(most)s rows can be read at once.")
            % {"most": number_format(MOST_ROWS, force_grouping=True)}
        )
    return Given(found, tuple(columns.places) if columns else (), columns.unread if columns else ())


def has_head(rows: Sequence[Row]) -> bool:
    return _head(rows[:_HEAD_WITHIN])[1] is not None


def _head(rows: Sequence[Row]) -> tuple[int, Columns | None]:
    """Behind which row the people begin, and what the columns mean."""
    for place, (_line, cells) in enumerate(rows, 1):
        if columns := columns_of(cells):
            return place, columns
    return 0, None


def _people(rows: Iterable[Row], columns: Columns | None) -> Iterator[GivenRow]:
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            yield from _titled(line, cells, columns) if columns else _untitled(line, cells)


def _titled(line: int, cells: Sequence[str], columns: Columns) -> Iterator[GivenRow]:
    typed = ", ".join(cell.strip() for cell in cells if cell.strip())
    values = {meaning: columns.cell(cells, meaning) for meaning in _BESIDE}
    workshops = columns.cell(cells, WORKSHOPS)
    addresses = list(pieces(columns.cell(cells, EMAIL))) or [""]
    for address in addresses:
        yield person_of(line, typed if len(addresses) == 1 else address, address, values, workshops)


def _untitled(line: int, cells: Sequence[str]) -> Iterator[GivenRow]:
    """Only what holds an address can be told; what a cell beside it means is not guessed."""
    found = [piece for cell in cells if "@" in cell for piece in pieces(cell)]
    typed = ", ".join(cell.strip() for cell in cells if cell.strip())
    if not found:
        yield GivenRow(line=line, typed=typed[:500], problem=NO_ADDRESS)
    for piece in found:
        yield person_of(line, typed if len(found) == 1 else piece, piece, {})
