"""A part of the programme: of one workshop, on one platform, in one language, with some words in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    Programme,
    ProgrammeDate,
    SessionEntry,
    WorkshopEntry,
)
from workshops.languages import CODES, Text
from workshops.names import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty string lets everything pass. `words` must all be found, in any language."""

    workshop: str = ""
    platform: str = ""
    language: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return any((self.workshop, self.platform, self.language, self.words))


@dataclass(frozen=True, slots=True)
class Found:
    """`items` of `of` programme items; a day without an agenda counts as one."""

    dates: tuple[ProgrammeDate, ...]
    items: int
    of: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from; fewer than two of a kind are no choice."""

    workshops: tuple[WorkshopEntry, ...]
    platforms: tuple[str, ...]
    languages: tuple[str, ...]


def choices(*, programme: Programme) -> Choices:
    platforms = {workshop.platform.name for workshop in programme.workshops if workshop.platform}
    spoken = {code for workshop in programme.workshops for code in _spoken(workshop)}
    return Choices(
        workshops=programme.workshops,
        platforms=tuple(sorted(platforms, key=fold)),
        languages=tuple(code for code in CODES if code in spoken),
    )


def _spoken(workshop: WorkshopEntry) -> Iterator[str]:
    yield from workshop.interpreted_languages
    for day in workshop.days:
        yield from (session.language_of_speech for session in day.walk())


def known(*, programme: Programme, wanted: Wanted) -> Wanted:
    """Without what the programme does not have: an old link shows more, not nothing."""
    there = choices(programme=programme)
    return Wanted(
        workshop=wanted.workshop if programme.workshop(wanted.workshop) else "",
        platform=wanted.platform if wanted.platform in there.platforms else "",
        language=wanted.language if wanted.language in there.languages else "",
        words=wanted.words,
    )


def filter_programme(*, programme: Programme, wanted: Wanted) -> Found:
    """Whatever is found comes with the item it is part of; of a workshop found by its title, everything."""
    kept = programme.workshops
    if wanted:
        kept = tuple(_Filter(workshop, wanted).workshop() for workshop in programme.workshops)
    part = replace(programme, workshops=tuple(workshop for workshop in kept if workshop.days))
    return Found(dates=part.dates(), items=_count(part.workshops), of=_count(programme.workshops))


def _count(workshops: Iterable[WorkshopEntry]) -> int:
    return sum(len(list(day.walk())) or 1 for workshop in workshops for day in workshop.days)


class _Filter:
    """Of one workshop."""

    def __init__(self, workshop: WorkshopEntry, wanted: Wanted) -> None:
        self.entry, self.wanted = workshop, wanted
        self.words = fold(wanted.words).split()
        platform = workshop.platform.name if workshop.platform else ""
        self.about = _text(workshop.title, workshop.subtitle) + fold(f" {platform}")

    def workshop(self) -> WorkshopEntry:
        days = (self.day(day) for day in self.entry.days) if self.is_wanted() else ()
        return replace(self.entry, days=tuple(day for day in days if day is not None))

    def is_wanted(self) -> bool:
        wanted, platform = self.wanted, self.entry.platform
        return wanted.workshop in {"", self.entry.slug} and wanted.platform in {
            "",
            platform.name if platform else None,
        }

    def day(self, day: DayEntry) -> DayEntry | None:
        about = self.about + _text(day.title, day.description)
        if not day.sessions:
            return day if self.has_words(about) and self.is_spoken("") else None
        sessions = self.sessions(day.sessions, about)
        return replace(day, sessions=sessions) if sessions else None

    def sessions(self, sessions: Iterable[SessionEntry], about: str) -> tuple[SessionEntry, ...]:
        found = (self.session(session, about) for session in sessions)
        return tuple(session for session in found if session is not None)

    def session(self, session: SessionEntry, about: str) -> SessionEntry | None:
        about += _of_session(session)
        if session.parts:
            parts = self.sessions(session.parts, about)
            return replace(session, parts=parts) if parts else None
        return session if self.has_words(about) and self.is_spoken(session.language_of_speech) else None

    def has_words(self, about: str) -> bool:
        return all(word in about for word in self.words)

    def is_spoken(self, language: str) -> bool:
        """Where none is named, each of the workshop's languages may be spoken."""
        spoken = (language,) if language else self.entry.interpreted_languages
        return not self.wanted.language or self.wanted.language in spoken


def _of_session(session: SessionEntry) -> str:
    people = "".join(_of_appearance(appearance) for appearance in session.appearances)
    return _text(session.title, session.description, session.guiding_questions) + people


def _of_appearance(appearance: AppearanceEntry) -> str:
    name = appearance.speaker.full_name if appearance.speaker else ""
    house = appearance.organisation
    return fold(f" {name} {house.short_name if house else ''}") + (_text(house.name) if house else "")


def _text(*texts: Text) -> str:
    """Folded, with a space before each, so that no word grows out of two."""
    return fold("".join(f" {text.get(code, '')}" for text in texts for code in CODES))
