"""A day minute by minute, for moderators, interpreters and technicians: both clocks, people, notes, shifts.

Notes, contacts and interpreters' names are read beside the programme, which knows nothing of them: it is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.domain.documents.content import (
    Block,
    Cell,
    Column,
    Content,
    Item,
    Kind,
    Lines,
    Phrase,
    Table,
)
from registration.domain.documents.events import (
    content_of,
    day_block,
    day_keys,
    days_of,
    hosts_of,
    interpretation_of,
    platform_of,
)
from registration.models import Document
from workshops.clocks import Zone, faces
from workshops.domain.programme import AppearanceEntry, DayEntry, Programme, SessionEntry, WorkshopEntry
from workshops.models import Appearance, Session, Speaker, WorkshopDay

SHIFT = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Notes:
    """What only the hosts read: technical notes by session, contacts by speaker, interpreters by day."""

    technical: dict[int, str]
    contacts: dict[str, str]
    interpreters: dict[int, list[str]]


def run_sheet(*, document: Document, programme: Programme) -> Content:
    notes, zones = _notes(programme), programme.conference.zones
    return content_of(
        programme,
        title=_("Run sheet"),
        blocks=[_block(workshop, day, notes, zones) for workshop, day in days_of(document, programme)],
        page_each=True,
        landscape=True,
    )


def _notes(programme: Programme) -> Notes:
    conference = programme.conference.id
    sessions = Session.objects.filter(day__workshop__conference=conference).exclude(technical_notes="")
    days = WorkshopDay.objects.filter(workshop__conference=conference).exclude(interpreters="")
    return Notes(
        technical=dict(sessions.values_list("pk", "technical_notes")),
        contacts=contacts_of(conference),
        interpreters={pk: _names(text) for pk, text in days.values_list("pk", "interpreters")},
    )


def contacts_of(conference_id: int) -> dict[str, str]:
    """How speakers are reached, by their short name."""
    found = Speaker.objects.filter(conference=conference_id).exclude(contact="")
    return dict(found.values_list("slug", "contact"))


def _names(text: str) -> list[str]:
    return [name for line in text.splitlines() if (name := line.strip())]


def _block(workshop: WorkshopEntry, day: DayEntry, notes: Notes, zones: tuple[Zone, ...]) -> Block:
    tables = [_agenda(workshop, day, notes)]
    if len(workshop.interpreted_languages) > 1 and day.start is not None:
        tables.append(_shifts(workshop, day, notes.interpreters.get(day.id, []), zones))
    facts = (
        (_("Hosts"), hosts_of(workshop)),
        (_("Platform"), platform_of(workshop)),
        (_("Interpretation"), interpretation_of(workshop)),
    )
    return day_block(workshop, day, *tables, facts=facts)


def _agenda(workshop: WorkshopEntry, day: DayEntry, notes: Notes) -> Table:
    return Table(
        name=_("Programme"),
        columns=(
            Column("", Kind.CLOCKS),
            Column(_("Minutes"), Kind.NUMBER),
            Column(_("Programme item"), Kind.WIDE),
            Column(_("People and contact"), Kind.WIDE),
            Column(_("Technical notes"), Kind.WIDE),
        ),
        rows=[_row(session, notes) for session in day.walk()],
        keys=day_keys(workshop, day),
        empty=_("This day has no programme items yet."),
    )


def _row(session: SessionEntry, notes: Notes) -> list[Cell]:
    title = Phrase.of(session.title)
    people = [_person(appearance, notes.contacts) for appearance in session.appearances]
    if session.everybody:
        people.append(Phrase(_("everybody")))
    return [
        session.faces,
        session.duration_minutes,
        Item(Phrase(f"{session.number}  {title.text}", title.language), depth=session.depth),
        Lines(tuple(people)),
        Lines(
            tuple(Phrase(line) for line in notes.technical.get(session.id, "").splitlines() if line.strip())
        ),
    ]


def _person(appearance: AppearanceEntry, contacts: dict[str, str]) -> Phrase:
    contact = contacts.get(appearance.speaker.slug, "") if appearance.speaker else ""
    said = f"{name_of(appearance)} ({role_of(appearance)})"
    return Phrase(f"{said}: {contact}" if contact else said)


def name_of(appearance: AppearanceEntry) -> str:
    house = Phrase.of(appearance.organisation.name).text if appearance.organisation else ""
    name = _("N.N.") if appearance.is_unnamed else ""
    if appearance.speaker:
        name = appearance.speaker.full_name
    return ", ".join(part for part in (name, house) if part)


def role_of(appearance: AppearanceEntry) -> str:
    role = str(Appearance.Role(appearance.role).label)
    return f"{role}, {_('to be confirmed')}" if appearance.is_open else role


def _shifts(workshop: WorkshopEntry, day: DayEntry, names: list[str], zones: tuple[Zone, ...]) -> Table:
    """Blocks of half an hour, from hand to hand; without names there is room to write them in."""
    return Table(
        name=_("Interpreters’ shifts"),
        columns=(
            Column("", Kind.CLOCKS),
            Column(_("Interprets"), Kind.WIDE if names else Kind.BLANK),
            Column(_("Then takes over"), Kind.WIDE if names else Kind.BLANK),
        ),
        rows=[
            [
                faces(start=start, end=end, zones=zones, home_date=day.date),
                names[number % len(names)] if names else None,
                names[(number + 1) % len(names)] if names else None,
            ]
            for number, (start, end) in enumerate(_halves(day))
        ],
        keys=day_keys(workshop, day),
    )


def _halves(day: DayEntry) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Until the day closes, or, where its items last longer, until the last of them ends."""
    if day.start is None or day.end is None:
        return
    ends = max([day.end, *(session.end for session in day.sessions if session.end)])
    start = day.start
    while start < ends:
        yield start, min(start + SHIFT, ends)
        start += SHIFT
