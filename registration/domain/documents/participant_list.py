"""Who takes part in a workshop, who waits, and who is still to be decided upon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registration.domain.documents.content import Block, Cell, Column, Content, Kind, Phrase, Table
from registration.domain.documents.events import (
    content_of,
    events_of,
    facts_of,
    heading_of,
    hosts_of,
    own_name,
)
from registration.domain.documents.people import People, Rows
from registration.models import Document, Registration
from workshops.clocks import faces
from workshops.domain.programme import Programme, WorkshopEntry
from workshops.templatetags.texts import kind_name

GONE = (Registration.Status.CANCELLED, Registration.Status.DECLINED)


def participant_list(*, document: Document, programme: Programme) -> Content:
    return content_of(
        programme,
        title=_("Participant list"),
        blocks=[_block(workshop, programme) for workshop in events_of(document, programme)],
        landscape=True,
    )


def _block(workshop: WorkshopEntry, programme: Programme) -> Block:
    people = People(Registration.objects.filter(workshop=workshop.id).exclude(status__in=GONE))
    return Block(
        overline=kind_name(workshop),
        heading=heading_of(workshop),
        facts=facts_of(
            (_("Hosts"), hosts_of(workshop)), (_("People on this list"), Phrase(str(len(people))))
        ),
        tables=(
            Table(
                name=_("Participants"),
                columns=_columns(),
                rows=Rows(people, lambda found: _rows(found, programme)),
                keys=((_("Workshop"), heading_of(workshop)),),
                empty=_("Nobody is registered yet."),
            ),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("No."), Kind.NUMBER),
        Column(_("Last name")),
        Column(_("First name")),
        Column(_("Organisation")),
        Column(_("City")),
        Column(_("Country")),
        Column(_("Language")),
        Column(_("Role")),
        Column(_("State")),
        Column(_("Registered"), Kind.MOMENT, printed=False),
    )


def _rows(people: Iterable[Registration], programme: Programme) -> Iterator[list[Cell]]:
    zones = programme.conference.zones
    for number, row in enumerate(people, 1):
        person = row.participant
        yield [
            number,
            person.last_name or person.email,
            person.first_name,
            person.organisation,
            person.city,
            str(person.country.name),
            own_name(person.language),
            capfirst(row.get_role_display()),
            _state(row),
            faces(start=row.created_at, end=None, zones=zones, home_date=row.created_at.date()),
        ]


def _state(row: Any) -> str:
    state = capfirst(row.get_status_display())
    return f"{state} ({_('listens meanwhile')})" if row.listens_meanwhile else state
