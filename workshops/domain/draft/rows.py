"""A row of a table as a session of an agenda."""

from __future__ import annotations

import re

from workshops.domain.draft.people import Cell, read_cell
from workshops.domain.draft.tables import Row
from workshops.domain.draft.times import bracketed_minutes, length, minutes_of_cell
from workshops.domain.draft.values import DraftAppearance, DraftSession

_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*)[.)]\s+|^(\d{1,2}\.\d{1,2})\s+")


def session_of(row: Row, *, year: int | None) -> DraftSession | None:
    """None where the row has neither a title nor a time."""
    title, minutes, _each = bracketed_minutes(row.text("item"))
    _found, times = row.when(year=year)
    if not title and not times:
        return None
    number = ""
    if match := _NUMBER.match(title):
        number, title = match[1] or match[2], title[match.end() :]
    speakers = _speakers(row)
    return DraftSession(
        title,
        row.lines[0],
        times,
        minutes_of_cell(row.text("duration")) or minutes or length(times),
        number,
        description="\n".join(row.rest),
        everybody=speakers.everybody,
        appearances=speakers.appearances + _moderators(row),
    )


def _speakers(row: Row) -> Cell:
    """Who speaks; a column of organisations names one for each person, or one for all of them."""
    cell = read_cell(row.parts("speaker"), line=row.lines[0])
    organisations = row.parts("organisation")
    if len(organisations) > 1 and len(organisations) != len(cell.appearances):
        organisations = [row.text("organisation")]
    if organisations and not cell.appearances:
        return Cell(
            cell.everybody,
            [DraftAppearance(None, organisation=name, line=row.lines[0]) for name in organisations],
        )
    for index, person in enumerate(cell.appearances):
        if organisations:
            named = organisations[index % len(organisations)]
            person.organisation = ", ".join(text for text in (person.organisation, named) if text)
    return cell


def _moderators(row: Row) -> list[DraftAppearance]:
    return read_cell(row.parts("moderator"), role="moderator", line=row.lines[0]).appearances
