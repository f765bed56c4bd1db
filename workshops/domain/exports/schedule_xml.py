"""`/programme.xml`: the schedule format of frab, which conference apps read.

Its schema is kept by the C3VOC (github.com/voc/schedule, validator/xsd/schedule.xml.xsd). What it cannot say:

- An event needs a time. Of a day, whatever has no time of its own yet is one event over the time that is left; a
  day without any time is listed without an event.
- An event has no parts. They are named in its description, each on both clocks, and their people are its people.
- A room is a workshop: each meets in a room of its own, wherever that is.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, indent, tostring
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext, override

from workshops.clocks import faces
from workshops.domain.differences.times import clocks_text, day_text
from workshops.domain.exports.addresses import page, session_page, workshop_page
from workshops.domain.exports.xml import add, clean
from workshops.domain.programme import DayEntry, Programme, ProgrammeDate, SessionEntry, WorkshopEntry
from workshops.languages import Text, choose
from workshops.models import Session
from workshops.templatetags.texts import kind_name

GENERATOR = "Köprü"
# Which language is told beside the one that was asked for.
_OTHER = {"de": "tr", "tr": "de", "en": "de"}


@dataclass(frozen=True, slots=True)
class _Event:
    """One event: a session, or what of a day has no times yet (`session` is None then)."""

    workshop: WorkshopEntry
    day: DayEntry
    session: SessionEntry | None
    sessions: tuple[SessionEntry, ...]
    start: dt.datetime
    end: dt.datetime

    @property
    def name(self) -> str:
        return f"session-{self.session.id}" if self.session else f"day-{self.day.id}"

    @property
    def number(self) -> int:
        """Unique in the file and the same in each release: even for sessions, odd for days."""
        return 2 * self.session.id if self.session else 2 * self.day.id + 1


def schedule_xml(*, programme: Programme, language: str) -> bytes:
    """Titles in `language` (de, tr, en), with the other country's beneath."""
    with override(language):
        return _Schedule(programme, language).document()


class _Schedule:
    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self.zones = programme.conference.zones
        self.home = ZoneInfo(self.zones[0].name)
        self.namespace = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.BASE_URL}/programme.xml")

    def document(self) -> bytes:
        root = Element("schedule")
        add(root, "generator", name=GENERATOR)
        add(root, "version", self._version())
        dates = self.programme.dates()
        self._conference(root, days=max(1, len(dates)))
        for index, date in enumerate(dates, 1):
            self._day(root, index, date)
        if not dates:
            add(root, "day", index="1", date=self.programme.conference.starts_on.isoformat())
        indent(root)
        return bytes(tostring(root, encoding="utf-8", xml_declaration=True))

    def _version(self) -> str:
        released = self.programme.released_at
        number = self.programme.release_number
        return f"{number} ({released.astimezone(self.home):%Y-%m-%d %H:%M})" if released else f"{number}"

    def _conference(self, root: Element, *, days: int) -> None:
        conference = self.programme.conference
        element = add(root, "conference")
        add(element, "title", self._text(conference.name))
        add(element, "acronym", conference.slug)
        add(element, "start", conference.starts_on.isoformat())
        add(element, "end", conference.ends_on.isoformat())
        add(element, "days", str(days))
        add(element, "timeslot_duration", "00:05")
        add(element, "base_url", page("home", self.language))
        add(element, "time_zone_name", self.zones[0].name)

    def _day(self, root: Element, index: int, date: ProgrammeDate) -> None:
        found = [(workshop, list(_events(workshop, day))) for workshop, day in date.items]
        start, end = self._bounds(date.date, [event for _, events in found for event in events])
        element = add(root, "day", index=str(index), date=date.date.isoformat(), start=start, end=end)
        for workshop, events in found:
            room = add(element, "room", name=_room(workshop, self._text(workshop.title)))
            for event in events:
                self._event(room, event)

    def _bounds(self, date: dt.date, events: list[_Event]) -> tuple[str, str]:
        """From the first event to the end of the last one; the whole date where there is none."""
        midnight = dt.datetime.combine(date, dt.time.min, tzinfo=self.home)
        start = min((event.start for event in events), default=midnight)
        end = max((event.end for event in events), default=midnight + dt.timedelta(days=1))
        return self._moment(start), self._moment(end)

    def _event(self, room: Element, event: _Event) -> None:
        workshop, session = event.workshop, event.session
        guid = str(uuid.uuid5(self.namespace, event.name))
        element = add(room, "event", id=str(event.number), guid=guid)
        title = session.title if session else workshop.title
        add(element, "room", room.get("name", ""))
        add(element, "title", self._text(title))
        add(element, "subtitle", self._other(title))
        add(element, "type", str(Session.Kind(session.kind).label) if session else kind_name(workshop, False))
        add(element, "date", self._moment(event.start))
        add(element, "start", f"{event.start.astimezone(self.home):%H:%M}")
        add(element, "duration", _duration(event.end - event.start))
        add(element, "abstract", self._clocks(event))
        add(element, "slug", f"{workshop.slug}-{event.name}")
        add(element, "track", self._text(workshop.title))
        self._people(element, event.sessions)
        spoken = session.language_of_speech if session else ""
        add(element, "language", spoken or ", ".join(workshop.interpreted_languages))
        add(element, "description", self._description(event))
        self._links(element, workshop)
        address = session_page(workshop, session, self.language) if session else self._address(workshop)
        add(element, "url", address)

    def _clocks(self, event: _Event) -> str:
        """The format knows one clock: the other one is told in words."""
        return clocks_text(
            faces(start=event.start, end=event.end, zones=self.zones, home_date=event.day.date)
        )

    def _people(self, element: Element, sessions: Iterable[SessionEntry]) -> None:
        people = add(element, "persons")
        for name in dict.fromkeys(_names(sessions)):
            add(people, "person", name)

    def _description(self, event: _Event) -> str:
        session = event.session
        lines = [self._text(session.description)] if session else [day_text(event.day)]
        if session and choose(session.guiding_questions, self.language)[0]:
            lines += [gettext("Guiding questions"), self._text(session.guiding_questions)]
        inner = list(session.walk())[1:] if session else list(event.sessions)
        lines += [self._line(part) for part in inner]
        return "\n\n".join(line for line in lines if line)

    def _line(self, session: SessionEntry) -> str:
        names = ", ".join(dict.fromkeys(_own_names(session)))
        shown = (clocks_text(session.faces), self._text(session.title), names)
        return " · ".join(part for part in shown if part)

    def _links(self, element: Element, workshop: WorkshopEntry) -> None:
        links = add(element, "links")
        add(links, "link", self._text(workshop.title), href=self._address(workshop))
        for host in workshop.hosts:
            if host.website:
                add(links, "link", self._text(host.name), href=host.website)

    def _address(self, workshop: WorkshopEntry) -> str:
        return workshop_page(workshop, self.language)

    def _moment(self, value: dt.datetime) -> str:
        return value.astimezone(self.home).isoformat()

    def _text(self, value: Text) -> str:
        return choose(value, self.language)[0]

    def _other(self, value: Text) -> str:
        """The same in the other country's language; empty where that is missing."""
        other = value.get(_OTHER[self.language], "")
        return other if other != self._text(value) else ""


def _events(workshop: WorkshopEntry, day: DayEntry) -> Iterator[_Event]:
    """The sessions from the day's opening on, as far as their times are known; then the rest as one."""
    placed = 0
    for session in day.sessions:
        if session.start is None or session.end is None:
            break
        placed += 1
        yield _Event(workshop, day, session, (session,), session.start, session.end)
    rest = day.sessions[placed:]
    if day.start is None or day.end is None or (placed and not rest):
        return
    start = (day.sessions[placed - 1].end if placed else None) or day.start
    if start < day.end:
        yield _Event(workshop, day, None, rest, start, day.end)


def _names(sessions: Iterable[SessionEntry]) -> Iterator[str]:
    for session in sessions:
        for item in session.walk():
            yield from _own_names(item)


def _own_names(session: SessionEntry) -> Iterator[str]:
    return (a.speaker.full_name for a in session.appearances if a.speaker is not None)


def _room(workshop: WorkshopEntry, title: str) -> str:
    """ "Fachworkshop 1"; what has no number goes by its title."""
    return clean(kind_name(workshop) if workshop.number else title)


def _duration(length: dt.timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"
