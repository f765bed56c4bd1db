"""What a draft says, before anything of it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from workshops.domain.draft.times import Times

# What a line is understood as that says when the conference is.
STATED_DAYS = "conference dates"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one row of a table. `number` counts from 1; `place` is the page or the sheet it is on.

    `goes_on` says whether it continues the paragraph or the row above: None where the file does not tell.
    """

    number: int
    cells: tuple[str, ...]
    place: str = ""
    goes_on: bool | None = None

    @property
    def text(self) -> str:
        return " ".join(cell for cell in self.cells if cell).strip()

    @property
    def is_row(self) -> bool:
        return len(self.cells) > 1


@dataclass(slots=True)
class DraftAppearance:
    """`name` is None for N.N. `organisation` is as written."""

    name: str | None
    role: str = "speaker"
    organisation: str = ""
    position: str = ""
    status: str = "confirmed"
    line: int = 0


@dataclass(slots=True)
class DraftSession:
    title: str
    line: int
    times: Times = field(default_factory=Times)
    minutes: int | None = None
    number: str = ""
    description: str = ""
    questions: list[str] = field(default_factory=list)
    everybody: bool = False
    appearances: list[DraftAppearance] = field(default_factory=list)
    parts: list[DraftSession] = field(default_factory=list)


@dataclass(slots=True)
class DraftDay:
    date: dt.date
    line: int
    times: Times = field(default_factory=Times)
    title: str = ""
    results: list[str] = field(default_factory=list)
    sessions: list[DraftSession] = field(default_factory=list)


@dataclass(slots=True)
class DraftWorkshop:
    line: int
    kind: str = "workshop"
    number: int | None = None
    title: str = ""
    hosts: list[str] = field(default_factory=list)
    platform: str = ""
    places: int | None = None
    languages: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    days: list[DraftDay] = field(default_factory=list)


@dataclass(slots=True)
class OverviewRow:
    """A row of the table of contents: a second place that says when a workshop is."""

    line: int
    number: int | None
    title: str
    platform: str
    dates: tuple[dt.date, ...]
    times: Times


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the file beside what was understood: `what` is a field's name, empty where nothing was."""

    line: int
    place: str
    text: str
    what: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    language: str = "de"
    title: str = ""
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    languages: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    overview: list[OverviewRow] = field(default_factory=list)
    workshops: list[DraftWorkshop] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    @property
    def states_its_days(self) -> bool:
        """Whether the draft says itself when the conference is; else that is read from its workshops' days."""
        return any(STATED_DAYS in reading.what for reading in self.readings)

    @property
    def unread(self) -> list[Reading]:
        return [reading for reading in self.readings if not reading.what and reading.text]
