from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import gettext as _

from registration.domain.outbox.memory import remembered
from registration.mails.letter import Phrase
from workshops.domain.programme import DayEntry, PlatformEntry, Programme, WorkshopEntry
from workshops.domain.release import NothingReleasedError, current_release, programme_of
from workshops.languages import Text, active_language, text_of
from workshops.models import Conference, Workshop

ReleaseKey = tuple[int, int, dt.datetime]


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
    release: ReleaseKey | None = None

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
        released[workshop.pk] if workshop.pk in released else _from_model(workshop) for workshop in workshops
    )


def _released(conference: Conference) -> dict[int, Event]:
    release = current()
    if release is None:
        return {}
    conference_id, events = events_of_release(*release)
    return events if conference_id == conference.pk else {}


def current() -> ReleaseKey | None:
    """What names the release the public sees; None where nothing was released."""
    return remembered("release", _current)


def _current() -> ReleaseKey | None:
    try:
        return current_release()
    except NothingReleasedError:
        return None


@lru_cache(maxsize=4)
def events_of_release(pk: int, number: int, published_at: dt.datetime) -> tuple[int, dict[int, Event]]:
    """The conference a release is of, and its events: a release never changes."""
    programme: Programme = programme_of(pk, number, published_at)
    release = (pk, number, published_at)
    events = {entry.id: replace(event_from(entry), release=release) for entry in programme.workshops}
    return programme.conference.id, events


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
