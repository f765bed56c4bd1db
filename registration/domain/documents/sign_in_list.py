"""A list to sign on, one for each day: only those who are let in stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registration.domain.access_known import ADMITTED
from registration.domain.documents.content import Block, Cell, Column, Content, Kind, Table
from registration.domain.documents.events import (
    content_of,
    day_block,
    day_keys,
    days_of,
    hosts_of,
    interpretation_of,
)
from registration.domain.documents.people import People, Rows
from registration.models import Document, Registration
from workshops.domain.programme import DayEntry, Programme, WorkshopEntry


def sign_in_list(*, document: Document, programme: Programme) -> Content:
    return content_of(
        programme,
        title=_("Sign-in list"),
        blocks=[_block(workshop, day) for workshop, day in days_of(document, programme)],
        page_each=True,
    )


def _block(workshop: WorkshopEntry, day: DayEntry) -> Block:
    table = Table(
        name=_("Sign-in list"),
        columns=(
            Column(_("No."), Kind.NUMBER),
            Column(_("Name")),
            Column(_("Organisation")),
            Column(_("City")),
            Column(_("Role")),
            Column(_("Signature"), Kind.BLANK),
        ),
        rows=Rows(People(Registration.objects.filter(ADMITTED, workshop=workshop.id)), _rows),
        keys=day_keys(workshop, day),
        empty=_("Nobody is confirmed yet."),
    )
    facts = ((_("Hosts"), hosts_of(workshop)), (_("Interpretation"), interpretation_of(workshop)))
    return day_block(workshop, day, table, facts=facts)


def _rows(people: Iterable[Registration]) -> Iterator[list[Cell]]:
    for number, row in enumerate(people, 1):
        person = row.participant
        role = dict(Registration.Role.choices).get(row.admitted_role or "", "")
        yield [
            number,
            person.full_name or person.email,
            person.organisation,
            person.city,
            capfirst(str(role)),
            None,
        ]
