from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from registration.domain.attendance.columns import (
    ATTENDED,
    CAME,
    CODE,
    EMAIL,
    FIRST,
    LAST,
    LEFT,
    MINUTES,
    NAME,
    Places,
    is_about_the_meeting,
    places_of,
)
from registration.domain.attendance.spans import Span, Stay
from registration.domain.attendance.times import moment_in
from registration.domain.errors import DomainError
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.table_file import Row, rows_of_file
from workshops.models import WorkshopDay
from workshops.names import fold, unturned

MOST_ROWS = 20_000
_NO = frozenset({"no", "nein", "hayir", "0", "false"})
_LONGEST = 24 * 60


class UnreadableReport(DomainError):  # noqa: N818 (named after what the person is told)
    """What was uploaded is no report of this day."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One row of a report: somebody, known by an address, a code or a name, and one stay."""

    line: int
    name: str
    email: str
    code: str
    stay: Stay


@dataclass(slots=True)
class Report:
    """`other_days` and `unread` are rows by their numbers: of another date, or without a time that can be read."""

    visits: list[Visit] = field(default_factory=list)
    other_days: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


def read_report(*, name: str, file: IO[bytes], day: WorkshopDay, zone: str) -> Report:
    """The stays of one day; times that do not say their zone are read on the clock of `zone`.

    Raises UnreadableReport where there is no list of people, or none of this day.
    """
    try:
        rows = rows_of_file(name=name, file=file)
    except UnreadableList as error:
        raise UnreadableReport(error.message) from None
    if len(rows) > MOST_ROWS:
        raise UnreadableReport(
            _("At most %(most)s rows can be read.") % {"most": number_format(MOST_ROWS, force_grouping=True)}
        )
    report = _read(rows, day, zone)
    if report is None:
        raise UnreadableReport(
            _(
                "There is no list of people in this file: a column for the address or name, and one for the time."
            )
        )
    if not report.visits and report.other_days:
        raise UnreadableReport(_("All times in this file are of other days. Is it the report of this day?"))
    if not report.visits:
        raise UnreadableReport(_("There is nobody in this report."))
    return report


def _read(rows: Iterable[Row], day: WorkshopDay, zone: str) -> Report | None:
    """Zoom's webinar report is several lists, each under a head of its own: hosts, panelists, attendees."""
    report, places = None, None
    for line, cells in rows:
        if is_about_the_meeting(cells):
            places = None
        elif (head := places_of(cells)) is not None:
            report, places = report or Report(), head
        elif places is not None and report is not None and any(cell.strip() for cell in cells):
            _take(report, line, _Cells(cells, places), day, zone)
    return report


class _Cells:
    def __init__(self, cells: Sequence[str], places: Places) -> None:
        self.cells, self.places = cells, places

    def __getitem__(self, meaning: str) -> str:
        place = self.places.get(meaning)
        found = self.cells[place].strip() if place is not None and place < len(self.cells) else ""
        return "" if found in {"--", "-", "–"} else found


def _take(report: Report, line: int, cells: _Cells, day: WorkshopDay, zone: str) -> None:
    if fold(cells[ATTENDED]) in _NO:
        return
    name = unturned(cells[NAME] or f"{cells[FIRST]} {cells[LAST]}").strip()
    if not (name or cells[EMAIL] or cells[CODE]):
        return
    came, left = (moment_in(cells[each], zone=zone, near=day.date) for each in (CAME, LEFT))
    if cells[CAME] and came is None:
        (report.other_days if re.search(r"\d", cells[CAME]) else report.unread).append(line)
        return
    minutes = _minutes(cells[MINUTES])
    if came is None and minutes is None:
        report.unread.append(line)
        return
    span: Span | None = (came, left) if came and left and came <= left else None
    stay = Stay(span=span, minutes=minutes, came=came)
    report.visits.append(Visit(line, name[:200], cells[EMAIL].lower()[:254], cells[CODE], stay))


def _minutes(text: str) -> int | None:
    """ "95", "95.5", "1:35:00" and "1:35" (hours and minutes)."""
    if parts := re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", text):
        return int(parts[1]) * 60 + int(parts[2])
    found = re.match(r"\d{1,5}(?:[.,]\d+)?", text)
    if found is None:
        return None
    return min(math.floor(float(found[0].replace(",", "."))), _LONGEST)
