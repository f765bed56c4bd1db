"""The entries of a released programme: one a day of a workshop, one a session, each under a name that never changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.clocks import faces
from workshops.domain.calendar.values import Calendar, Entry, Method, Person, Said, Status
from workshops.domain.calendar.words import cancelled_words, day_words, session_words
from workshops.domain.programme import DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.domain.sequence import Key, Sequences
from workshops.languages import Text, active_language, choose
from workshops.templatetags.texts import kind_name, weekday_date


@dataclass(frozen=True, slots=True)
class Source:
    """What entries are made of: a released programme, and how often each was changed up to that release."""

    programme: Programme
    sequences: Sequences

    @property
    def released_at(self) -> dt.datetime:
        return self.programme.released_at or dt.datetime.min.replace(tzinfo=dt.UTC)


def calendar_of(*, source: Source, entries: tuple[Entry, ...], method: Method = Method.PUBLISH) -> Calendar:
    """In the active language, named like the conference."""
    conference = source.programme.conference
    language = active_language()
    sender = choose(conference.sender_name, language)[0]
    return Calendar(
        name=Said.of(conference.name, language),
        method=method,
        zones=tuple(zone.name for zone in conference.zones),
        organizer=Person(sender, conference.contact_email),
        entries=entries,
    )


def all_days(*, source: Source) -> tuple[Entry, ...]:
    """Every day of every workshop, and those that were taken out since they were first released."""
    days = [
        day_entry(source=source, workshop=workshop, day=day)
        for workshop in source.programme.workshops
        for day in workshop.days
    ]
    return (*days, *_taken_out(source))


def days_of(*, source: Source, slug: str) -> tuple[Entry, ...] | None:
    """One workshop's; None where there never was one under this name."""
    workshop, gone = source.programme.workshop(slug), _taken_out(source, slug)
    if workshop is None:
        return tuple(gone) or None
    return (*(day_entry(source=source, workshop=workshop, day=day) for day in workshop.days), *gone)


def session_alone(*, source: Source, pk: int) -> Entry | None:
    """None for what was never released."""
    for workshop in source.programme.workshops:
        for day in workshop.days:
            for session in day.walk():
                if session.id == pk:
                    return session_entry(source=source, workshop=workshop, day=day, session=session)
    key: Key = ("session", pk)
    return _cancelled(source, key) if key in source.sequences.cancelled() else None


def day_entry(*, source: Source, workshop: WorkshopEntry, day: DayEntry, own: tuple[str, ...] = ()) -> Entry:
    """`own`: what is said to one person besides."""
    address = page_of(workshop.slug, f"day-{day.id}")
    return Entry(
        **_identity(source, ("day", day.id)),
        **_place(workshop, day),
        date=day.date,
        summary=_summary(workshop.title, day.title),
        description=_said(day_words(workshop, day, address=address, own=own)),
        url=address,
    )


def session_entry(*, source: Source, workshop: WorkshopEntry, day: DayEntry, session: SessionEntry) -> Entry:
    address = page_of(workshop.slug, f"session-{session.id}")
    return Entry(
        **_identity(source, ("session", session.id)),
        **_place(workshop, session),
        date=day.date,
        summary=_summary(session.title),
        description=_said(session_words(day, session, address=address)),
        url=address,
    )


def days_gone(*, source: Source, slug: str | None = None) -> list[int]:
    """Days that are in the programme no more (their keys); one workshop's, where it is named."""
    shown = {day.id for workshop in source.programme.workshops for day in workshop.days}
    return [
        pk
        for (kind, pk), told in source.sequences.cancelled().items()
        if kind == "day" and pk not in shown and slug in {None, told.facts.slug}
    ]


def day_cancelled(*, source: Source, day_id: int) -> Entry:
    """Raises KeyError for what was never released."""
    return _cancelled(source, ("day", day_id))


def _identity(source: Source, key: Key) -> dict[str, Any]:
    told = source.sequences.of(*key)
    return {
        "uid": uid_of(*key),
        "sequence": told.sequence,
        "created": told.created,
        "modified": told.modified,
        "stamped": source.released_at,
    }


def _place(workshop: WorkshopEntry, item: DayEntry | SessionEntry) -> dict[str, Any]:
    return {
        "status": Status.CONFIRMED if item.start is not None else Status.TENTATIVE,
        "start": item.start,
        "end": item.end,
        "category": _said(kind_name(workshop, numbered=False)),
        "location": workshop.platform.name if workshop.platform is not None else "",
    }


def _taken_out(source: Source, slug: str | None = None) -> list[Entry]:
    return [day_cancelled(source=source, day_id=pk) for pk in days_gone(source=source, slug=slug)]


def _cancelled(source: Source, key: Key) -> Entry:
    """As it was known last."""
    facts = source.sequences.of(*key).facts
    [span] = facts.spans
    zones = source.programme.conference.zones
    clocks = faces(start=span.start, end=span.end, zones=zones, home_date=span.date)
    is_there = source.programme.workshop(facts.slug) is not None
    address = page_of(facts.slug) if is_there else programme_page()
    return Entry(
        **_identity(source, key),
        status=Status.CANCELLED,
        date=span.date,
        start=span.start,
        end=span.end,
        summary=_summary(*facts.titles),
        description=_said(cancelled_words(weekday_date(span.date), clocks, address=address)),
        category=_said(_("Programme")),
        location=facts.platform,
        url=address,
    )


def _summary(title: Text, of_day: Text | None = None) -> Said:
    """What it is called; where a day has a title of its own, with that."""
    said = Said.of(title, active_language())
    more = choose(of_day or {}, active_language())[0]
    return Said(f"{said.text} – {more}", said.language) if more else said


def _said(text: str) -> Said:
    return Said(text, active_language())


def uid_of(kind: str, pk: int, *more: object) -> str:
    """The same in every release and every language: programs know an entry by it (RFC 7986, section 5.3)."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return "-".join(map(str, (kind, pk, *more))) + f"@{host}"


def page_of(slug: str, anchor: str = "") -> str:
    path = reverse("workshops:workshop", kwargs={"slug": slug})
    return settings.BASE_URL + path + (f"#{anchor}" if anchor else "")


def programme_page() -> str:
    return settings.BASE_URL + reverse("workshops:programme")
