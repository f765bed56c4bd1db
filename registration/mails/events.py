from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.mails.letter import Phrase
from workshops.domain.programme import DayEntry, PlatformEntry, Programme, WorkshopEntry
from workshops.domain.release import NothingReleasedError, released_programme
from workshops.languages import Text, active_language, text_of
from workshops.models import Conference, Workshop


@dataclass(frozen=True, slots=True)
class Event:
    """A workshop as the released programme has it; before its release no more than its title is told."""

    id: int
    kind: str
    number: int | None
    title: Text
    hosts: tuple[Text, ...] = ()
    interpreted_languages: tuple[str, ...] = ()
    platform: PlatformEntry | None = None
    days: tuple[DayEntry, ...] = ()

    @property
    def heading(self) -> Phrase:
        title = Phrase.of(self.title, active_language())
        if self.number is None:
            return title
        kind = Workshop.Kind(self.kind).label
        text = _("%(kind)s %(number)s: %(title)s") % {
            "kind": kind,
            "number": self.number,
            "title": title.text,
        }
        return Phrase(text, title.language)


def events_of(conference: Conference, workshops: Iterable[Workshop]) -> tuple[Event, ...]:
    """In the order in which the workshops are given."""
    released = _released(conference)
    return tuple(
        event_from(released[workshop.pk]) if workshop.pk in released else _from_model(workshop)
        for workshop in workshops
    )


def _released(conference: Conference) -> dict[int, WorkshopEntry]:
    try:
        programme: Programme = released_programme()
    except NothingReleasedError:
        return {}
    if programme.conference.id != conference.pk:
        return {}
    return {entry.id: entry for entry in programme.workshops}


def event_from(entry: WorkshopEntry) -> Event:
    return Event(
        id=entry.id,
        kind=entry.kind,
        number=entry.number,
        title=entry.title,
        hosts=tuple(host.name for host in entry.hosts),
        interpreted_languages=entry.interpreted_languages,
        platform=entry.platform,
        days=entry.days,
    )


def _from_model(workshop: Workshop) -> Event:
    return Event(id=workshop.pk, kind=workshop.kind, number=workshop.number, title=text_of(workshop, "title"))
