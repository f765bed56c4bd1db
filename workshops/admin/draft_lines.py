"""A draft line by line: what was read on the left, what was understood on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workshops.admin.clocks import clock_faces
from workshops.clocks import Face
from workshops.domain.checks.draft_look import DraftLook, every_session
from workshops.domain.draft.values import (
    Draft,
    DraftAppearance,
    DraftDay,
    DraftSession,
    DraftWorkshop,
    Reading,
)
from workshops.models import Appearance, Workshop
from workshops.templatetags.texts import date_range, short_date

AT_ONCE = 1_000
_SHOWN_UNREAD = 200
_WHAT: dict[str, str | Promise] = {
    "page head": gettext_lazy("head of the page"),
    "conference dates": gettext_lazy("days of the conference"),
    "conference title": gettext_lazy("name of the conference"),
    "heading": gettext_lazy("heading"),
    "table head": gettext_lazy("head of a table"),
    "overview": gettext_lazy("overview, compared with the workshop’s own page"),
    "workshop": gettext_lazy("a workshop begins"),
    "title": gettext_lazy("title"),
    "hosts": gettext_lazy("hosts"),
    "platform": gettext_lazy("platform"),
    "dates and times": gettext_lazy("dates and times"),
    "places": gettext_lazy("number of places"),
    "languages": gettext_lazy("languages of the interpretation"),
    "day": gettext_lazy("a day begins"),
    "title of the day": gettext_lazy("title of the day"),
    "results": gettext_lazy("results of the day"),
    "session": gettext_lazy("session"),
    "part": gettext_lazy("part of a session"),
    "parts": gettext_lazy("its parts follow"),
    "description": gettext_lazy("description of a session"),
    "guiding question": gettext_lazy("guiding question"),
    "guiding questions": gettext_lazy("guiding questions follow"),
    "text: background": gettext_lazy("text: background"),
    "text: goals": gettext_lazy("text: goals"),
    "text: format": gettext_lazy("text: format"),
    "text: results": gettext_lazy("text: results"),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """Something that begins on a line, and its time on both clocks, where it has one."""

    text: str
    times: SafeString | None = None


@dataclass(frozen=True, slots=True)
class ShownLine:
    number: int
    place: str
    text: str
    what: str
    understood: tuple[Understood, ...]
    is_read: bool


class Lines:
    """The lines of one page of them. `look` gives the times; without it none are shown."""

    def __init__(self, draft: Draft, look: DraftLook | None, *, page: str, has_pages: bool) -> None:
        self.draft, self.look, self.has_pages = draft, look, has_pages
        self.pages = max(1, -(-len(draft.readings) // AT_ONCE))
        self.page = (
            min(max(int(page), 1), self.pages) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        )
        self._index = {reading.line: index for index, reading in enumerate(draft.readings)}

    def url(self, number: int) -> str:
        """The way to a line; empty where it is none of those shown."""
        if number not in self._index:
            return ""
        page = self._index[number] // AT_ONCE + 1
        return f"?page={page}#line-{number}" if self.pages > 1 else f"#line-{number}"

    def name(self, number: int) -> str:
        index = self._index.get(number)
        place = self.place(self.draft.readings[index]) if index is not None else ""
        line = _("line %(number)d") % {"number": number}
        return f"{place}, {line}" if place else line

    def place(self, reading: Reading) -> str:
        if reading.place and self.has_pages:
            return _("page %(number)s") % {"number": reading.place}
        return reading.place

    def __iter__(self) -> Iterator[ShownLine]:
        start = (self.page - 1) * AT_ONCE
        return map(self._shown, self.draft.readings[start : start + AT_ONCE])

    def __len__(self) -> int:
        return len(self.draft.readings)

    @property
    def numbers(self) -> Sequence[int]:
        return range(1, self.pages + 1)

    @cached_property
    def unread(self) -> list[ShownLine]:
        return [self._shown(reading) for reading in self.draft.unread[:_SHOWN_UNREAD]]

    @property
    def unread_count(self) -> int:
        return len(self.draft.unread)

    @property
    def unread_left(self) -> int:
        return self.unread_count - len(self.unread)

    def times(self, number: int, *models: str) -> tuple[Face, ...]:
        """When what begins on this line is, on both clocks."""
        return next((found for model in models if (found := self._faces.get((model, number)))), ())

    @cached_property
    def _faces(self) -> dict[tuple[str, int], tuple[Face, ...]]:
        if self.look is None:
            return {}
        days = [day for workshop in self.look.programme.workshops for day in workshop.days]
        faces = {("workshopday", day.id): day.faces for day in days}
        faces |= {("session", session.id): session.faces for day in days for session in day.walk()}
        return {
            (ref.model, line): faces[ref.model, ref.key]
            for ref, line in self.look.lines.items()
            if ref.index is None and isinstance(ref.key, int) and (ref.model, ref.key) in faces
        }

    @cached_property
    def _understood(self) -> dict[int, list[Understood]]:
        found: dict[int, list[Understood]] = {}
        for workshop in self.draft.workshops:
            found.setdefault(workshop.line, []).append(Understood(_workshop(workshop)))
            for day in workshop.days:
                found.setdefault(day.line, []).append(self._timed(day.line, "workshopday", _day(day)))
            for session in every_session(workshop.days):
                found.setdefault(session.line, []).append(
                    self._timed(session.line, "session", _session(session))
                )
        return found

    def _timed(self, line: int, model: str, text: str) -> Understood:
        faces = self.times(line, model)
        return Understood(text, clock_faces(faces) if faces else None)

    def _shown(self, reading: Reading) -> ShownLine:
        return ShownLine(
            number=reading.line,
            place=self.place(reading),
            text=reading.text,
            what=", ".join(dict.fromkeys(map(_what, reading.what))),
            understood=tuple(self._understood.get(reading.line, ())),
            is_read=bool(reading.what) or not reading.text,
        )


def _what(name: str) -> str:
    if name in Appearance.Role.values:
        return str(Appearance.Role(name).label)
    return str(_WHAT.get(name, name))


def _workshop(workshop: DraftWorkshop) -> str:
    kind = str(Workshop.Kind(workshop.kind).label)
    name = f"{kind} {workshop.number}" if workshop.number else kind
    hosts = [", ".join(workshop.hosts)] if workshop.hosts else []
    places = workshop.places
    limit = [ngettext("%(number)d place", "%(number)d places", places) % {"number": places}] if places else []
    return " · ".join([f"{name}: {workshop.title}", *hosts, workshop.platform or _("no platform"), *limit])


def _day(day: DraftDay) -> str:
    return " · ".join(part for part in (short_date(day.date), day.title) if part)


def _session(session: DraftSession) -> str:
    minutes = [_("%(minutes)d min") % {"minutes": session.minutes}] if session.minutes else []
    people = [_appearance(one) for one in session.appearances]
    everybody = [_("everybody")] if session.everybody else []
    return " · ".join([session.title or "–", *minutes, *people, *everybody])


def _appearance(one: DraftAppearance) -> str:
    name = one.name or ("" if one.organisation and one.status == "confirmed" else _("N.N."))
    said = ", ".join(part for part in (name, one.organisation) if part)
    role = "" if one.role == "speaker" else f"{Appearance.Role(one.role).label}: "
    is_open = f" ({Appearance.Status.TBC.label})" if one.status == "tbc" else ""
    return f"{role}{said}{is_open}"


def facts_of(draft: Draft) -> list[str]:
    """What was read, in numbers: "4 workshops", "5 days", …"""
    days = [day for workshop in draft.workshops for day in workshop.days]
    sessions = [session for workshop in draft.workshops for session in every_session(workshop.days)]
    people = {one.name for session in sessions for one in session.appearances if one.name}
    numbered: list[tuple[Callable[[int], str], int]] = [
        (lambda n: ngettext("%(number)d workshop", "%(number)d workshops", n), len(draft.workshops)),
        (lambda n: ngettext("%(number)d day", "%(number)d days", n), len(days)),
        (lambda n: ngettext("%(number)d session or part", "%(number)d sessions and parts", n), len(sessions)),
        (lambda n: ngettext("%(number)d person", "%(number)d people", n), len(people)),
    ]
    facts = [words(number) % {"number": number} for words, number in numbered]
    if draft.first_day and draft.last_day:
        facts.insert(0, date_range(draft.first_day, draft.last_day))
    return facts
