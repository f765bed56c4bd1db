"""What workshops of a version share and name: its platforms, organisations and people."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from workshops.domain.differences.people import organisations_of
from workshops.domain.import_programme.rows import Rows, read_rows
from workshops.domain.programme import OrganisationEntry, PlatformEntry, Programme, SpeakerEntry
from workshops.languages import CODES, Text
from workshops.models import Conference, Organisation, Platform, Speaker

Pair = tuple[Any, Any]
"""The row that is there, or None, and what it should be."""


def make_what_is_gone(*, conference: Conference, programme: Programme) -> int:
    """Makes what a version names and what is gone, so that everything else can refer to it; returns how many rows.

    To be called within a transaction. What somebody else makes at this moment is left to them.
    """
    houses = Named(read_rows(conference=conference), conference, programme).platforms_and_organisations()
    made = sum(_made(row) for there, row in houses if there is None)
    people = Named(read_rows(conference=conference), conference, programme).people()
    return made + sum(_made(row) for there, row in people if there is None)


def _made(row: Model) -> int:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not type(row)._default_manager.filter(**_name_of(row)).exists():
            raise
        return 0
    return 1


def _name_of(row: Any) -> dict[str, Any]:
    name = "name" if isinstance(row, Platform) else "slug"
    return {"conference": row.conference_id, name: getattr(row, name)}


class Named:
    """What there is by its name, and what it was in a version."""

    def __init__(self, rows: Rows, conference: Conference, programme: Programme) -> None:
        self.conference, self.programme = conference, programme
        self.there_platforms = {row.name: row for row in rows.platforms}
        self.there_organisations = {row.slug: row for row in rows.organisations.values()}
        self.there_speakers = {row.slug: row for row in rows.speakers.values()}

    def platforms_and_organisations(self) -> Iterator[Pair]:
        entries = [workshop.platform for workshop in self.programme.workshops]
        for name, platform in {entry.name: entry for entry in entries if entry is not None}.items():
            yield self.there_platforms.get(name), self._platform(platform)
        for slug, organisation in organisations_of(self.programme).items():
            yield self.there_organisations.get(slug), self._organisation(slug, organisation)

    def people(self) -> Iterator[Pair]:
        """Once their organisations are there."""
        for speaker in self.programme.speakers:
            yield self.there_speakers.get(speaker.slug), self._speaker(speaker)

    def _platform(self, entry: PlatformEntry) -> Platform:
        row: Platform = copy_of(self.there_platforms.get(entry.name)) or Platform(
            conference=self.conference, name=entry.name
        )
        row.website = entry.website
        write_text(row, "instructions", entry.instructions)
        write_text(row, "connection_test", entry.connection_test)
        return row

    def _organisation(self, slug: str, entry: OrganisationEntry) -> Organisation:
        row: Organisation = copy_of(self.there_organisations.get(slug)) or Organisation(
            conference=self.conference, slug=slug
        )
        row.kind, row.short_name, row.website = entry.kind, entry.short_name, entry.website
        row.country = entry.country
        write_text(row, "name", entry.name)
        return row

    def _speaker(self, entry: SpeakerEntry) -> Speaker:
        row: Speaker = copy_of(self.there_speakers.get(entry.slug)) or Speaker(
            conference=self.conference, slug=entry.slug
        )
        row.academic_title, row.first_name = entry.academic_title, entry.first_name
        row.last_name = entry.last_name
        row.organisation = self.there_organisations[entry.organisation.slug] if entry.organisation else None
        write_text(row, "position", entry.position)
        write_text(row, "biography", entry.biography)
        return row


def write_text(row: Any, name: str, text: Text) -> None:
    """An empty column and one without a value are the same to every reader."""
    for code in CODES:
        column = f"{name}_{code}"
        if (getattr(row, column) or "") != text[code]:
            setattr(row, column, text[code] or None)


def write_addresses(row: Any, name: str, addresses: Text) -> None:
    """Columns in which there is always a value, if an empty one."""
    for code in CODES:
        setattr(row, f"{name}_{code}", addresses[code])


def copy_of(row: Any) -> Any:
    """To be changed, while the row itself still tells what there is."""
    return copy.copy(row)
