"""Rows of tables: which column holds what, and which rows are one that was broken over lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from workshops.domain.draft.dates import Dates, find_dates, without
from workshops.domain.draft.hyphens import OWN
from workshops.domain.draft.times import Span, Times, clock_named, find_times
from workshops.domain.draft.values import Line
from workshops.domain.draft.words import CLOCKS, COLUMN_OF, fold

_ENDS_OPEN = re.compile(r"[/–—-]\s*$")
# "Tee- und Kaffeepause": that hyphen is no broken word's.
_CONJUNCTION = re.compile(r"(und|oder|ve|veya|and|or)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_CLOCK_WORDS = re.compile(rf"\b(?:{'|'.join(sorted(CLOCKS, key=len, reverse=True))})\b")
# A row of more lines than this is none; it also keeps the joining of its lines cheap.
_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Column:
    """`clock` is "home" or "partner" where the column's title names one, or the one it names first."""

    name: str
    title: str
    clock: str | None = None


Columns = tuple[Column, ...]


@dataclass(slots=True)
class Row:
    """One row of a table, by column; each cell is the list of its lines. `rest` is what no known column holds."""

    lines: list[int]
    cells: dict[Column, list[str]] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)

    def parts(self, name: str) -> list[str]:
        return [part for column, parts in self.cells.items() if column.name == name for part in parts]

    def text(self, name: str) -> str:
        return join_lines(self.parts(name)).replace(OWN, "-")

    def when(self, *, year: int | None) -> tuple[Dates | None, Times]:
        """The date and the times that the row's columns for them hold, by the clocks their titles name."""
        found, times = None, Times()
        for column, parts in self.cells.items():
            if column.name in {"date", "time", "end"}:
                text = join_lines(parts)
                here = find_dates(text, year=year)
                found = found or here
                times = _merged(times, find_times(without(text, here), first=column.clock or "home"), column)
        return found, times

    def names_a_clock(self) -> bool:
        return any(
            column.clock or clock_named(join_lines(parts))
            for column, parts in self.cells.items()
            if column.name in {"time", "end"}
        )


def _merged(times: Times, more: Times, column: Column) -> Times:
    if column.name != "end":
        return Times(times.home or more.home, times.partner or more.partner)
    if column.clock is None and times.home is None:
        return Times(None, _ended(times.partner, more.partner or more.home))
    return Times(_ended(times.home, more.home), _ended(times.partner, more.partner))


def _ended(span: Span | None, end: Span | None) -> Span | None:
    return Span(span.start, end.start) if span and end and span.end is None else span


def columns_of(line: Line) -> Columns | None:
    """The columns where this row is a table's head: at least two titles that we know, and no times."""
    columns = tuple(_column(cell) for cell in line.cells)
    names = {column.name for column in columns if column.name}
    titles = [cell for cell in line.cells if cell.strip()]
    return columns if len(names) >= 2 and len(titles) <= 2 * len(names) else None


def _column(cell: str) -> Column:
    title = " ".join(cell.split())
    words = fold(title).strip(" .:*")
    bare = _CLOCK_WORDS.sub("", _BRACKETS.sub("", words)).strip(" .:/-–")
    clock = clock_named(words)
    name = COLUMN_OF.get(words) or COLUMN_OF.get(bare, "")
    return Column(name or ("time" if clock and not bare else ""), title, clock)


def read_rows(lines: Iterable[Line], columns: Columns) -> list[Row]:
    """The rows below a head, put together again where they were broken over lines."""
    rows: list[Row] = []
    for line in lines:
        if not rows or not _goes_on(rows[-1], line, columns):
            rows.append(Row([]))
        _append(rows[-1], line, columns)
    return rows


def _append(row: Row, line: Line, columns: Columns) -> None:
    row.lines.append(line.number)
    for number, cell in enumerate(line.cells):
        parts = [part.strip() for part in cell.split("\n") if part.strip()]
        column = columns[number] if number < len(columns) else Column("", "")
        if column.name:
            row.cells.setdefault(column, []).extend(parts)
        elif parts:
            row.rest.append(": ".join(text for text in (column.title, join_lines(parts)) if text))


def _goes_on(row: Row, line: Line, columns: Columns) -> bool:
    """Whether these cells belong to the row above: no date and no beginning of their own."""
    if len(row.lines) >= _MOST_LINES:
        return False
    here = Row([])
    _append(here, line, columns)
    if line.goes_on is not None:
        return line.goes_on
    names = {column.name for column in columns}
    if not names & {"time", "date"}:
        return not (here.text("duration") if "duration" in names else here.text("item"))
    when = " ".join((here.text("date"), here.text("time"))).strip()
    if not when:
        return not (here.text("duration") and here.text("item"))
    return _time_goes_on(row, when)


def _time_goes_on(row: Row, when: str) -> bool:
    if find_dates(when, year=2000):
        return False
    above = " ".join((row.text("date"), row.text("time"))).strip()
    times, times_above = find_times(when), find_times(above)
    if times.partner is not None and times.home is None and times_above.partner is None:
        return True
    return bool(_ENDS_OPEN.search(above)) or not times or not times_above


def join_lines(lines: Iterable[str]) -> str:
    """Lines as one text; a word broken with a hyphen is whole again, one that has it itself keeps it."""
    text = ""
    for line in lines:
        if text.endswith(OWN):
            text = f"{text[:-1]}-{line}"
        elif text.endswith("-") and line[:1].islower() and not _CONJUNCTION.match(line):
            text = text[:-1] + line
        elif text.endswith("-") and not text.endswith(" -") and line[:1].isupper():
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text
