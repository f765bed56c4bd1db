"""The released programme in the words of schema.org (JSON-LD), as search engines read it.

Only what is certain is said: whoever has yet to confirm is no performer, and what has no time yet has a date.
Where a workshop meets is told by its own page: access details are nobody else's business.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from workshops.domain.exports.addresses import page, session_page, speaker_page, workshop_page
from workshops.domain.exports.moved import TakenOut, past
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    OrganisationEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
)
from workshops.languages import Text, choose
from workshops.models import Appearance

Json = dict[str, Any]
CONTEXT = "https://schema.org"
# Ends no script element and opens none, whatever an organiser wrote.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def as_script(data: Json) -> SafeString:
    """JSON that can stand within a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 (escaped in the line before)  # nosec B308 B703


def conference_data(*, programme: Programme, language: str, picture: str = "", agenda: bool = False) -> Json:
    """The conference with its workshops; with `agenda`, with what happens in each."""
    return _Data(programme, language).conference(picture, agenda=agenda)


def workshop_data(*, programme: Programme, workshop: WorkshopEntry, language: str, picture: str = "") -> Json:
    """One workshop with its agenda, as a part of the conference."""
    data = _Data(programme, language)
    event = data.workshop(workshop, agenda=True)
    return _shown({"@context": CONTEXT, **event, "image": picture, "superEvent": data.in_short()})


def speaker_data(*, programme: Programme, speaker: SpeakerEntry, language: str) -> Json:
    """A person with every session they have agreed to take part in."""
    return _Data(programme, language).speaker(speaker)


class _Data:
    def __init__(self, programme: Programme, language: str) -> None:
        self.programme, self.language = programme, language
        self.home = ZoneInfo(programme.conference.zones[0].name)
        self.past = past(programme=programme)

    def conference(self, picture: str, *, agenda: bool) -> Json:
        conference, workshops = self.programme.conference, self.programme.workshops
        hosts = {host.slug: host for workshop in workshops for host in workshop.hosts}
        return _shown(
            {
                "@context": CONTEXT,
                **self.in_short(),
                "description": self.text(conference.tagline),
                "image": picture,
                "inLanguage": _languages(workshops),
                "organizer": [self.organisation(host) for host in hosts.values()],
                "subEvent": [
                    *(self.workshop(workshop, agenda=agenda) for workshop in workshops),
                    *(self.taken_out(workshop) for workshop in self.past.taken_out),
                ],
            }
        )

    def in_short(self) -> Json:
        """What of the conference others need in order to name it."""
        conference = self.programme.conference
        return {
            **self.event("conference", self.text(conference.name), page("home", self.language)),
            "startDate": self.first_start(),
            "endDate": self.last_end(),
        }

    def event(self, name: str, title: str, address: str, status: str = "EventScheduled") -> Json:
        """What is true of everything here: it happens online, at its own page."""
        return {
            "@type": "Event",
            "@id": f"{settings.BASE_URL}/#{name}",
            "name": title,
            "url": address,
            "eventStatus": f"{CONTEXT}/{status}",
            "eventAttendanceMode": f"{CONTEXT}/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": address},
        }

    def first_start(self) -> str:
        """With the time of day, where the first date of the conference has one."""
        first = self.programme.conference.starts_on
        starts = [day.start for day in self._days(first) if day.start is not None]
        return self.moment(min(starts)) if starts else first.isoformat()

    def last_end(self) -> str:
        last = self.programme.conference.ends_on
        ends = [day.end for day in self._days(last) if day.end is not None]
        return self.moment(max(ends)) if ends else last.isoformat()

    def _days(self, date: dt.date) -> Iterator[DayEntry]:
        return (day for workshop in self.programme.workshops for day in workshop.days if day.date == date)

    def workshop(self, workshop: WorkshopEntry, *, agenda: bool) -> Json:
        """A workshop of one day is that day; one of several days has them as its parts."""
        address = workshop_page(workshop, self.language)
        event = self.event(f"workshop-{workshop.id}", self.text(workshop.title), address)
        if workshop.platform is not None:
            event["location"]["name"] = workshop.platform.name
        event |= {
            "description": self.text(workshop.subtitle),
            "inLanguage": list(workshop.interpreted_languages),
            "organizer": [self.organisation(host) for host in workshop.hosts],
        }
        if len(workshop.days) == 1:
            return _shown(
                event | self.times(workshop.days[0]) | self.agenda(workshop, workshop.days[0], agenda)
            )
        parts = [self.day(workshop, day, agenda=agenda) for day in workshop.days]
        span = {"startDate": parts[0]["startDate"], "endDate": parts[-1]["endDate"]} if parts else {}
        return _shown({**event, **span, "subEvent": parts})

    def day(self, workshop: WorkshopEntry, day: DayEntry, *, agenda: bool) -> Json:
        title = self.text(day.title) or self.text(workshop.title)
        address = f"{workshop_page(workshop, self.language)}#day-{day.id}"
        return _shown(
            {
                **self.event(f"day-{day.id}", title, address),
                **self.times(day),
                **self.agenda(workshop, day, agenda),
            }
        )

    def times(self, day: DayEntry) -> Json:
        """Of a day that was moved, also when it was to be before."""
        times: Json = {
            "startDate": self.moment(day.start) if day.start else day.date.isoformat(),
            "endDate": self.moment(day.end) if day.end else day.date.isoformat(),
        }
        if day.start is not None and (earlier := self.past.earlier.get(day.id)) is not None:
            times |= {"eventStatus": f"{CONTEXT}/EventRescheduled", "previousStartDate": self.moment(earlier)}
        return times

    def agenda(self, workshop: WorkshopEntry, day: DayEntry, wanted: bool) -> Json:
        if not wanted:
            return {}
        timed = [session for session in day.sessions if session.start is not None]
        return {
            "performer": [self.person(person) for person in _agreed(day.walk())],
            "subEvent": [self.session(workshop, session) for session in timed],
        }

    def session(self, workshop: WorkshopEntry, session: SessionEntry) -> Json:
        """Where and how it happens is told by the day it belongs to."""
        parts = [self.session(workshop, part) for part in session.parts if part.start is not None]
        return _shown(
            {
                "@type": "Event",
                "@id": f"{settings.BASE_URL}/#session-{session.id}",
                "name": self.text(session.title),
                "url": session_page(workshop, session, self.language),
                "startDate": self.moment(session.start) if session.start else "",
                "endDate": self.moment(session.end) if session.end else "",
                "inLanguage": session.language_of_speech,
                "performer": [self.person(person) for person in _agreed([session])],
                "subEvent": parts,
            }
        )

    def taken_out(self, workshop: TakenOut) -> Json:
        title, address = self.text(workshop.title), page("changes", self.language)
        event = self.event(f"workshop-{workshop.id}", title, address, "EventCancelled")
        starts = [self._start(start) for start in workshop.starts]
        return _shown({**event, "startDate": starts[0] if starts else ""})

    def _start(self, start: str) -> str:
        return self.moment(dt.datetime.fromisoformat(start)) if "T" in start else start

    def speaker(self, speaker: SpeakerEntry) -> Json:
        sessions = [
            self.appearance(workshop, day, session)
            for workshop in self.programme.workshops
            for day, session, appearance in workshop.appearances()
            if _has_agreed(appearance) and appearance.speaker == speaker
        ]
        return _shown(
            {
                "@context": CONTEXT,
                **self.person(speaker),
                "honorificPrefix": speaker.academic_title,
                "jobTitle": self.text(speaker.position),
                "worksFor": self.organisation(speaker.organisation) if speaker.organisation else {},
                "performerIn": sessions,
            }
        )

    def appearance(self, workshop: WorkshopEntry, day: DayEntry, session: SessionEntry) -> Json:
        """A session without a time of its own yet happens on its day."""
        event = {"startDate": day.date.isoformat(), **self.session(workshop, session)}
        return event | {
            "superEvent": {"@type": "Event", "@id": f"{settings.BASE_URL}/#workshop-{workshop.id}"}
        }

    def person(self, speaker: SpeakerEntry) -> Json:
        return {
            "@type": "Person",
            "@id": f"{settings.BASE_URL}/#speaker-{speaker.slug}",
            "name": speaker.full_name,
            "url": speaker_page(speaker, self.language),
        }

    def organisation(self, organisation: OrganisationEntry) -> Json:
        return _shown(
            {"@type": "Organization", "name": self.text(organisation.name), "url": organisation.website}
        )

    def moment(self, value: dt.datetime) -> str:
        return value.astimezone(self.home).isoformat()

    def text(self, value: Text) -> str:
        return choose(value, self.language)[0]


def _languages(workshops: Iterable[WorkshopEntry]) -> list[str]:
    return list(dict.fromkeys(code for workshop in workshops for code in workshop.interpreted_languages))


def _agreed(sessions: Iterable[SessionEntry]) -> list[SpeakerEntry]:
    """Who takes part for certain, each once."""
    found = (a.speaker for session in sessions for a in session.appearances if _has_agreed(a))
    return list({speaker.slug: speaker for speaker in found if speaker is not None}.values())


def _has_agreed(appearance: AppearanceEntry) -> bool:
    """Whoever sees to the technology does not perform."""
    return not appearance.is_open and appearance.role != Appearance.Role.TECHNICIAN


def _shown(data: Json) -> Json:
    """Without what is not known."""
    return {name: value for name, value in data.items() if value not in ("", [], {})}
