"""How what is shown gets into a reader's calendar: see templates/partials/calendar_links.html."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from django import template
from django.conf import settings
from django.urls import reverse

from workshops.domain.calendar.entries import Source, day_entry, session_entry
from workshops.domain.calendar.links import WebLinks, web_links
from workshops.domain.calendar.source import source_of
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.languages import Text, active_language

register = template.Library()
# The workshops of a conference in each language.
_KEPT_AT_MOST = 64


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """`file` is the address of the .ics; `web` has one pair a day, or one for a session."""

    title: Text
    file: str
    web: tuple[WebLinks, ...]


@register.simple_tag
def calendar_links(
    programme: Programme | Source,
    workshop: WorkshopEntry,
    day: DayEntry | str = "",
    session: SessionEntry | str = "",
) -> CalendarLinks:
    """For a session with its day, else for a whole workshop; a template passes empty texts for what it has not.

    A page with the links of several workshops reads their source once, and passes it instead of the programme. That is
    as it was released, and its links are kept; a programme may have a clock that any reader chose.
    """
    is_released = isinstance(programme, Source)
    source = programme if isinstance(programme, Source) else source_of(programme=programme)
    if isinstance(day, DayEntry) and isinstance(session, SessionEntry):
        return _of_session(source, workshop, day, session)
    file = _in_language(reverse("workshop-ics", kwargs={"slug": workshop.slug}))
    days = _Days(file, settings.BASE_URL, id(workshop), source, workshop)
    return CalendarLinks(workshop.title, file, _kept(days) if is_released else _of_days(days))


@dataclass(frozen=True, slots=True)
class _Days:
    """Two are equal where they are of the same workshop of a release; it lives as long as what is kept of it."""

    file: str
    base_url: str
    released: int
    source: Source = field(compare=False, repr=False)
    workshop: WorkshopEntry = field(compare=False, repr=False)


def _of_days(days: _Days) -> tuple[WebLinks, ...]:
    """In the active language, which is the file's: everybody who is registered has them on their page."""
    source, workshop = days.source, days.workshop
    entries = (day_entry(source=source, workshop=workshop, day=day) for day in workshop.days)
    return tuple(web_links(entry=entry) for entry in entries)


_kept = functools.lru_cache(maxsize=_KEPT_AT_MOST)(_of_days)


def _of_session(
    source: Source, workshop: WorkshopEntry, day: DayEntry, session: SessionEntry
) -> CalendarLinks:
    entry = session_entry(source=source, workshop=workshop, day=day, session=session)
    file = reverse("session-ics", kwargs={"pk": session.id})
    return CalendarLinks(session.title, _in_language(file), (web_links(entry=entry),))


def _in_language(address: str) -> str:
    return f"{address}?lang={active_language()}"
