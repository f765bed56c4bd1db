"""The programme as plain values: what is built from the database, kept in a release, and read by every page and export.

Texts are `Text` ({"de", "tr", "en"}), instants are aware datetimes in UTC. The values know nothing of the database,
so that a page made from a release asks it nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workshops.clocks import Face, LegendEntry, Zone, faces, legend, noon
from workshops.domain.clock_notes import ClockNotes, clock_notes
from workshops.languages import CODES, Text
from workshops.unnamed import is_unnamed


def no_text() -> Text:
    return dict.fromkeys(CODES, "")


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    slug: str
    kind: str
    name: Text
    short_name: str = ""
    country: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    slug: str
    academic_title: str
    first_name: str
    last_name: str
    position: Text
    biography: Text
    organisation: OrganisationEntry | None = None

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.academic_title, self.first_name, self.last_name) if part)


@dataclass(frozen=True, slots=True)
class AppearanceEntry:
    """`speaker` is None for N.N.; `organisation` is the appearance's own, else the speaker's."""

    role: str
    status: str
    speaker: SpeakerEntry | None = None
    organisation: OrganisationEntry | None = None

    @property
    def is_open(self) -> bool:
        """Still to be confirmed."""
        return self.status == "tbc"

    @property
    def is_unnamed(self) -> bool:
        kind = self.organisation.kind if self.organisation else ""
        return is_unnamed(has_speaker=self.speaker is not None, organisation_kind=kind)


@dataclass(frozen=True, slots=True)
class MaterialEntry:
    """A link (`url`), or a file of `size` bytes; `language` is empty for several languages, or none."""

    id: int
    kind: str
    title: str
    language: str
    url: str
    content_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """`number` is the outline number within its day ("2.1"); `duration_minutes` is stored, or the sum of the parts.

    `language_of_speech` is empty where any of the workshop's languages may be spoken.
    """

    id: int
    number: str
    kind: str
    title: Text
    description: Text
    guiding_questions: Text
    duration_minutes: int | None
    everybody: bool
    start: dt.datetime | None
    end: dt.datetime | None
    faces: tuple[Face, ...]
    appearances: tuple[AppearanceEntry, ...] = ()
    parts: tuple[SessionEntry, ...] = ()
    # Releases of before this field have none.
    language_of_speech: str = ""
    # No release keeps these two: see workshops/domain/material/. The second: there is more for participants.
    material: tuple[MaterialEntry, ...] = ()
    has_more_material: bool = False

    def walk(self) -> Iterator[SessionEntry]:
        """This session and all its parts, in reading order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def depth(self) -> int:
        return self.number.count(".")


@dataclass(frozen=True, slots=True)
class DayEntry:
    """`start` and `end` are None while to be announced; `faces` is empty then."""

    id: int
    date: dt.date
    title: Text
    description: Text
    results: Text
    start: dt.datetime | None
    end: dt.datetime | None
    faces: tuple[Face, ...]
    legend: tuple[LegendEntry, ...]
    sessions: tuple[SessionEntry, ...] = ()

    def walk(self) -> Iterator[SessionEntry]:
        for session in self.sessions:
            yield from session.walk()


@dataclass(frozen=True, slots=True)
class PlatformEntry:
    name: str
    website: str
    instructions: Text
    # Releases of before this field have none.
    connection_test: Text = field(default_factory=no_text)


@dataclass(frozen=True, slots=True)
class WorkshopEntry:
    id: int
    slug: str
    kind: str
    number: int | None
    title: Text
    subtitle: Text
    background: Text
    goals: Text
    format: Text
    hosts: tuple[OrganisationEntry, ...]
    platform: PlatformEntry | None
    interpreted_languages: tuple[str, ...]
    capacity_active: int | None
    capacity_listener: int | None
    admission: str
    confirmation: str
    registration_opens_at: dt.datetime | None
    registration_closes_at: dt.datetime | None
    days: tuple[DayEntry, ...] = ()
    # Releases of before this field have none.
    sign_video: Text = field(default_factory=no_text)

    def appearances(self) -> Iterator[tuple[DayEntry, SessionEntry, AppearanceEntry]]:
        for day in self.days:
            for session in day.walk():
                for appearance in session.appearances:
                    yield day, session, appearance

    @property
    def speakers(self) -> tuple[SpeakerEntry, ...]:
        """Everybody named in it, once, in the order of appearance."""
        found = {a.speaker.slug: a.speaker for _, _, a in self.appearances() if a.speaker is not None}
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class ConferenceEntry:
    id: int
    slug: str
    name: Text
    tagline: Text
    description: Text
    starts_on: dt.date
    ends_on: dt.date
    zones: tuple[Zone, ...]
    contact_email: str
    sender_name: Text
    imprint: Text
    conciliation_body: Text
    # Releases of before these fields have none. A sign video is the address of one, by the language of its country.
    conciliation_name: Text = field(default_factory=no_text)
    conciliation_website: str = ""
    accessibility_limits: Text = field(default_factory=no_text)
    statement_written_on: dt.date | None = None
    statement_reviewed_on: dt.date | None = None
    easy_language: Text = field(default_factory=no_text)
    sign_video: Text = field(default_factory=no_text)


@dataclass(frozen=True, slots=True)
class Programme:
    """The whole programme. `release_number` is 0 and `released_at` None for work in progress."""

    conference: ConferenceEntry
    workshops: tuple[WorkshopEntry, ...]
    speakers: tuple[SpeakerEntry, ...]
    release_number: int = 0
    released_at: dt.datetime | None = None

    def workshop(self, slug: str) -> WorkshopEntry | None:
        return next((workshop for workshop in self.workshops if workshop.slug == slug), None)

    def speaker(self, slug: str) -> SpeakerEntry | None:
        return next((speaker for speaker in self.speakers if speaker.slug == slug), None)

    def dates(self) -> tuple[ProgrammeDate, ...]:
        """All dates with what happens on each, in order of time; what has no time yet comes last."""
        by_date: dict[dt.date, list[tuple[WorkshopEntry, DayEntry]]] = {}
        for workshop in self.workshops:
            for day in workshop.days:
                by_date.setdefault(day.date, []).append((workshop, day))
        previous = [None, *sorted(by_date)]
        return tuple(
            ProgrammeDate(
                date=date,
                items=tuple(
                    sorted(items, key=lambda item: (item[1].start is None, item[1].start or _NO_TIME))
                ),
                legend=items[0][1].legend,
                notes=clock_notes(date=date, zones=self.conference.zones, previous=before),
            )
            for before, (date, items) in zip(previous, sorted(by_date.items()), strict=False)
        )


_NO_TIME = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ProgrammeDate:
    date: dt.date
    items: tuple[tuple[WorkshopEntry, DayEntry], ...]
    legend: tuple[LegendEntry, ...]
    notes: ClockNotes


def day_faces(
    *, start: dt.datetime | None, end: dt.datetime | None, date: dt.date, zones: tuple[Zone, ...]
) -> tuple[tuple[Face, ...], tuple[LegendEntry, ...]]:
    """Both clocks of a day, and what their labels mean on it (at its opening, or at midday while that is open)."""
    moment = start or noon(date=date, zone=zones[0].name)
    return faces(start=start, end=end, zones=zones, home_date=date), legend(zones=zones, moment=moment)


def common_legend(days: Iterable[DayEntry]) -> tuple[LegendEntry, ...]:
    """What the clocks mean where that is the same on all days; empty where a clock changes in between."""
    legends = [day.legend for day in days]
    return legends[0] if legends and all(legend == legends[0] for legend in legends) else ()
