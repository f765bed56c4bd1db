"""What a draft says: from tidy lines to workshops, days, sessions and the people in them.

A state machine: a heading opens a workshop, a section or a day; what follows belongs to it. Each line is put down with
what was understood of it, and what was not understood stays in the list, so that nothing is dropped silently.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from workshops.domain.draft.agenda import Agenda
from workshops.domain.draft.dates import all_days, find_dates, first_year, is_only_dates, without
from workshops.domain.draft.finish import finish
from workshops.domain.draft.headings import (
    Heading,
    day_number,
    hosts_named,
    is_day_heading,
    is_sentence,
    language_of,
    languages_named,
    numbered,
    places_named,
    platform_named,
    section_named,
    split_names,
    workshop_heading,
)
from workshops.domain.draft.tables import Columns, Row, columns_of, read_rows
from workshops.domain.draft.tidy import tidy
from workshops.domain.draft.times import Times, find_times
from workshops.domain.draft.values import (
    STATED_DAYS,
    Draft,
    DraftDay,
    DraftWorkshop,
    Line,
    OverviewRow,
    Reading,
)
from workshops.domain.draft.words import fold

_PROSE = {"background", "goals", "format", "results"}
# Longer lines are running text, whatever words they begin with.
_LONGEST_UNDERSTOOD = 4_000
_PLAIN_COLUMNS = ("Zeit", "Programmpunkt", "Redner", "Dauer")


def read_draft(lines: Sequence[Line], *, year: int | None = None) -> Draft:
    """Reads the lines of a draft. `year` is used for dates that name none; without it the first in the draft is."""
    return _Reader(lines, year).read()


class _Reader:
    def __init__(self, lines: Sequence[Line], year: int | None) -> None:
        self.source = lines
        self.tidied = tidy(lines)
        self.year = year or first_year("\n".join(line.text for line in lines))
        self.draft = Draft(language=language_of(lines))
        self.what: dict[int, list[str]] = defaultdict(list)
        self.workshop: DraftWorkshop | None = None
        self.section = ""
        self.agenda: Agenda | None = None
        self.agendas: list[Agenda] = []
        self.columns: Columns | None = None
        self.rows: list[Line] = []

    def read(self) -> Draft:
        self._heads()
        for line in self.tidied.lines:
            if line.is_row:
                self._row(line)
            elif line.goes_on is None:
                self._end_table()
                self._line(line)
            else:
                self._interrupt(line)
        self._end_table()
        finish(self.draft, self.agendas)
        self.draft.readings = self._readings()
        return self.draft

    def _readings(self) -> list[Reading]:
        for number, into in self.tidied.joined.items():
            self.what[number].extend(self.what.get(into, []))
        return [
            Reading(line.number, line.place, line.text, tuple(dict.fromkeys(self.what.get(line.number, ()))))
            for line in self.source
            if line.text
        ]

    def say(self, line: int, *what: str) -> bool:
        self.what[line].extend(what)
        return True

    # The page's head: the conference's name and dates

    def _heads(self) -> None:
        for number in self.tidied.heads:
            self.say(number, "page head")
        if self.tidied.title is not None:
            self._conference(self.tidied.title)

    def _conference(self, line: Line) -> bool:
        found = find_dates(line.text, year=self.year)
        if found:
            self.draft.first_day, self.draft.last_day = min(found.dates), max(found.dates)
            self.say(line.number, STATED_DAYS)
        if title := " ".join(without(line.text, found).split()).strip(" ,–-|()"):
            self.draft.title = title
            self.say(line.number, "conference title")
        return True

    # Tables

    def _row(self, line: Line) -> None:
        columns = columns_of(line)
        if columns is not None:
            self._end_table()
            self.columns = columns
            self.say(line.number, "table head")
        elif self._stands_alone(line):
            self._interrupt(line)
        elif self.columns is None:
            self._loose_row(line)
        else:
            self.rows.append(line)

    def _stands_alone(self, line: Line) -> bool:
        """A row whose first cell only is filled: a heading, or what a list has on a line of its own.

        Where rows may be broken over lines, most such rows belong to the one above.
        """
        text = line.cells[0]
        if not text.strip() or any(cell.strip() for cell in line.cells[1:]):
            return False
        if workshop_heading(text) or is_day_heading(text, year=self.year):
            return True
        return line.goes_on is not None and not find_times(text)

    def _interrupt(self, line: Line) -> None:
        """Headings between the rows of a table, whose columns stay: sheets and printed pages have its head once."""
        columns = self.columns
        self._end_table()
        self._line(Line(line.number, (line.text,), line.place, line.goes_on))
        self.columns = columns

    def _loose_row(self, line: Line) -> None:
        """A row without a head above it: understood where its first cell is a time and it has a text."""
        if find_times(line.cells[0]):
            self.columns = columns_of(Line(0, _PLAIN_COLUMNS[: len(line.cells)]))
            self.rows.append(line)
        else:
            self._line(Line(line.number, (line.text,), line.place))

    def _end_table(self) -> None:
        columns, rows = self.columns, self.rows
        self.columns, self.rows = None, []
        if columns is None or not rows:
            return
        names = {column.name for column in columns}
        for row in read_rows(rows, columns):
            if "workshop" in names and "item" not in names:
                self._overview_row(row)
            else:
                self._agenda_row(row)

    def _overview_row(self, row: Row) -> None:
        found, times = row.when(year=self.year)
        title, number = numbered(row.text("workshop"))
        if number is None and (heading := workshop_heading(title)):
            title, number = heading.title, heading.number
        dates = all_days(found) if found else ()
        self.draft.overview.append(
            OverviewRow(row.lines[0], number, title, row.text("platform"), dates, times)
        )
        for line in row.lines:
            self.say(line, "overview")

    def _agenda_row(self, row: Row) -> None:
        if named := row.text("workshop"):
            self._named_in_row(row, named)
        found, _times = row.when(year=self.year)
        if found:
            self._begin_agenda(self._day(found.dates[0], row.lines[0]))
        agenda = self.agenda or self._some_agenda(row.lines[0])
        if agenda is not None and agenda.row(row, year=self.year):
            for line in row.lines:
                self.say(line, "session")

    def _named_in_row(self, row: Row, named: str) -> None:
        """A sheet with one row for each session says in each to which workshop it belongs."""
        title, number = numbered(named)
        heading = workshop_heading(named) or Heading("workshop", number, title)
        if heading.number is None and title.isdecimal() and len(title) < 3:
            heading = Heading("workshop", int(title), "")
        if self.workshop is None or not _is_same(self.workshop, heading):
            self._open(row.lines[0], heading)
        if self.workshop is None:
            return
        self.workshop.platform = row.text("platform") or self.workshop.platform
        for host in (name for part in row.parts("hosts") for name in split_names(part)):
            if host not in self.workshop.hosts:
                self.workshop.hosts.append(host)

    def _some_agenda(self, line: int) -> Agenda | None:
        """The agenda of a table that stands below no day: the workshop's first, else the conference's."""
        workshop = self._current(line)
        date = self.draft.first_day or (dt.date(self.year, 1, 1) if self.year else None)
        if not workshop.days and date is None:
            return None
        if not workshop.days and date is not None:
            workshop.days.append(DraftDay(date, line))
        return self._begin_agenda(workshop.days[0])

    def _begin_agenda(self, day: DraftDay, *, may_be_titled: bool = False) -> Agenda:
        if self.agenda is None or self.agenda.day is not day:
            self.agenda = Agenda(day, may_be_titled)
            self.agendas.append(self.agenda)
        return self.agenda

    def _current(self, line: int) -> DraftWorkshop:
        if self.workshop is None:
            self._open(line, Heading("workshop", None, self.draft.title))
        assert self.workshop is not None  # noqa: S101 (opened above)
        return self.workshop

    # Lines

    def _line(self, line: Line) -> None:
        understand = (
            self._workshop_heading,
            self._day_heading,
            self._section_heading,
            self._hosts,
            self._when,
            self._in_agenda,
            self._more_of_the_heading,
            self._before_anything,
        )
        is_short = len(line.text) <= _LONGEST_UNDERSTOOD
        if not (is_short and any(step(line) for step in understand)):
            self._prose(line)

    def _workshop_heading(self, line: Line) -> bool:
        heading = workshop_heading(line.text)
        if heading is None:
            return False
        self._open(line.number, heading)
        return self.say(line.number, "workshop")

    def _open(self, line: int, heading: Heading) -> None:
        """Goes on with a workshop that was opened before: in a table of contents, or on the page before."""
        known = (workshop for workshop in self.draft.workshops if _is_same(workshop, heading))
        self.workshop = next(known, None)
        if self.workshop is None:
            self.workshop = DraftWorkshop(line, heading.kind, heading.number, heading.title)
            self.draft.workshops.append(self.workshop)
        self.workshop.title = self.workshop.title or heading.title
        self.section, self.agenda = "heading", None

    def _day_heading(self, line: Line) -> bool:
        if self.workshop is None or not is_day_heading(line.text, year=self.year):
            return False
        if day_number(line.text) is None and self.section in {"heading", "hosts"}:
            return False
        found = find_dates(line.text, year=self.year)
        day = self._day(found.dates[0], line.number) if found else self._day_by_number(line)
        if day is None:
            return False
        times = find_times(without(line.text, found))
        day.times = times or day.times
        self.agenda = None
        self._begin_agenda(day, may_be_titled=True)
        self.section = "agenda"
        return self.say(line.number, "day")

    def _day(self, date: dt.date, line: int) -> DraftDay:
        workshop = self._current(line)
        day = next((day for day in workshop.days if day.date == date), None)
        if day is None:
            day = DraftDay(date, line)
            workshop.days.append(day)
        return day

    def _day_by_number(self, line: Line) -> DraftDay | None:
        index = (day_number(line.text) or 0) - 1
        days = self._current(line.number).days
        return days[index] if 0 <= index < len(days) else None

    def _section_heading(self, line: Line) -> bool:
        name = section_named(line.text)
        if name is None:
            return False
        # "Programm" stands above the overview, and above the agenda of a workshop.
        name = "format" if name == "overview" and self.workshop else name
        if name == "results" and self.agenda is not None:
            self.agenda.in_results = True
        else:
            self.section, self.agenda = name, None
            # Below "Ablauf" stands the agenda, as a list or in a table; prose is told from it line by line.
            if name == "format" and self.workshop and self.workshop.days:
                self._begin_agenda(self.workshop.days[0])
        return self.say(line.number, "heading")

    def _hosts(self, line: Line) -> bool:
        hosts = hosts_named(line.text)
        if self.workshop is None or hosts is None:
            return False
        self.workshop.hosts.extend(hosts)
        self.section = "hosts"
        return self.say(line.number, "hosts")

    def _when(self, line: Line) -> bool:
        """The line that says when and where: a date and a time, in the heading of a workshop."""
        if self.workshop is None or self.section not in {"heading", "hosts", "when"}:
            return False
        found = find_dates(line.text, year=self.year)
        times = find_times(without(line.text, found))
        platform = platform_named(line.text)
        if not found and not platform and not (times and self.workshop.days):
            return False
        self._keep_when(self.workshop, line, all_days(found) if found else (), times)
        if platform:
            self.workshop.platform = platform
            self.say(line.number, "platform")
        self.section = "when"
        return True

    def _keep_when(
        self, workshop: DraftWorkshop, line: Line, dates: tuple[dt.date, ...], times: Times
    ) -> None:
        days = [self._day(date, line.number) for date in dates] if dates else workshop.days
        for day in days:
            day.times = times or day.times
        if dates or times:
            self.say(line.number, "dates and times")

    def _in_agenda(self, line: Line) -> bool:
        if self.agenda is None or self.workshop is None or not self.agenda.line(line):
            return False
        return self.say(line.number, *self.agenda.said)

    def _more_of_the_heading(self, line: Line) -> bool:
        """Below "Fachworkshop 3:" its title; below "organisiert von" further hosts."""
        if self.workshop is None or len(line.text) > 250:
            return False
        if self.section == "heading" and not self.workshop.title:
            self.workshop.title = line.text.strip()
            return self.say(line.number, "title")
        if self.section == "hosts":
            self.workshop.hosts.extend(split_names(line.text))
            return self.say(line.number, "hosts")
        return False

    def _before_anything(self, line: Line) -> bool:
        """The conference's title, and its dates where they stand on a line of their own."""
        if self.workshop or self.section:
            return False
        if not self.draft.title:
            return self._conference(line)
        found = find_dates(line.text, year=self.year)
        if self.draft.first_day is not None or found is None or not is_only_dates(line.text, found):
            return False
        return self._conference(line)

    def _prose(self, line: Line) -> None:
        """Text of a section is kept as it is, and so are sentences outside any. Facts in it are read besides."""
        section = self.section
        if section not in _PROSE:
            if not is_sentence(line.text):
                return
            section = "format" if section == "agenda" else "background"
        owner = self.workshop.texts if self.workshop else self.draft.texts
        owner.setdefault(section, []).append(line.text.strip())
        self.say(line.number, f"text: {section}")
        self._facts(line)

    def _facts(self, line: Line) -> None:
        places = places_named(line.text)
        if self.workshop is not None and places:
            self.workshop.places = places
            self.say(line.number, "places")
        if languages := languages_named(line.text):
            (self.workshop or self.draft).languages = languages
            self.say(line.number, "languages")


def _is_same(workshop: DraftWorkshop, heading: Heading) -> bool:
    if heading.number is not None:
        return workshop.number == heading.number
    return (workshop.kind, fold(workshop.title)) == (heading.kind, fold(heading.title))
