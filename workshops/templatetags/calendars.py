"""How what is shown gets into a reader's calendar: see templates/partials/calendar_links.html."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.urls import reverse

from workshops.domain.calendar.entries import Source, day_entry, session_entry
from workshops.domain.calendar.links import WebLinks, web_links
from workshops.domain.calendar.source import source_of
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.languages import Text, active_language

register = template.Library()


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

    A page with the links of several workshops reads their source once, and passes it instead of the programme.
    """
    source = programme if isinstance(programme, Source) else source_of(programme=programme)
    if isinstance(day, DayEntry) and isinstance(session, SessionEntry):
        return _of_session(source, workshop, day, session)
    entries = (day_entry(source=source, workshop=workshop, day=day) for day in workshop.days)
    file = reverse("workshop-ics", kwargs={"slug": workshop.slug})
    return CalendarLinks(workshop.title, _in_language(file), tuple(web_links(entry=one) for one in entries))


def _of_session(
    source: Source, workshop: WorkshopEntry, day: DayEntry, session: SessionEntry
) -> CalendarLinks:
    entry = session_entry(source=source, workshop=workshop, day=day, session=session)
    file = reverse("session-ics", kwargs={"pk": session.id})
    return CalendarLinks(session.title, _in_language(file), (web_links(entry=entry),))


def _in_language(address: str) -> str:
    return f"{address}?lang={active_language()}"
