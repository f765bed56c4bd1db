"""The rows of “What happened”: each entry in sentences, in the days on which they were made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import SafeString

from registration.domain.history.entries import Entry, entry_of
from registration.domain.history.history_of import wanted_of
from registration.domain.history.names import Names
from registration.domain.history.sentences import kind_of, sentences, subject_of, way_of
from registration.domain.history.values import Reader
from workshops.admin.clocks import clock_faces
from workshops.clocks import faces
from workshops.models import Conference


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry; `url` leads to the row, if there is one still, and `clocks` are those of its conference."""

    pk: int
    at: dt.datetime
    who: str
    way: str
    kind: str
    subject: str
    url: str
    sentences: tuple[str, ...]
    conference: Conference | None

    @property
    def date(self) -> dt.date:
        zone = self.conference.zones[0].name if self.conference else "UTC"
        return self.at.astimezone(ZoneInfo(zone)).date()

    @property
    def clocks(self) -> SafeString | str:
        if self.conference is None:
            return f"{self.at:%H:%M} UTC"
        zones = self.conference.zones
        return clock_faces(faces(start=self.at, end=None, zones=zones, home_date=self.date))


def happened(rows: Iterable[Any], conferences: Sequence[Conference]) -> list[Happened]:
    """All names of these rows are read together. `conferences`: the one on the site first."""
    entries = [entry_of(row) for row in rows]
    names = Names([key for entry in entries for key in wanted_of(entry)])
    return [_happened(entry, names, conference_of(entry.data, conferences)) for entry in entries]


def _happened(entry: Entry, names: Names, conference: Conference | None) -> Happened:
    reader = Reader(names, conference.zones if conference else ())
    return Happened(
        pk=entry.pk,
        at=entry.at,
        who=entry.who,
        way=way_of(entry),
        kind=kind_of(entry),
        subject=subject_of(entry, reader),
        url=_url(entry, names),
        sentences=tuple(sentences(entry, reader)),
        conference=conference,
    )


def _url(entry: Entry, names: Names) -> str:
    label = entry.label
    is_page = any(model._meta.label_lower == label for model in admin.site._registry)
    if not is_page or not names.is_there(label, entry.row):
        return ""
    return reverse(f"admin:{label.replace('.', '_')}_change", args=[entry.row])


def by_day(rows: Iterable[Happened]) -> list[tuple[dt.date, list[Happened]]]:
    return [(date, list(found)) for date, found in groupby(rows, key=lambda row: row.date)]


def conference_of(data: Any, conferences: Sequence[Conference]) -> Conference | None:
    """The entry’s own; for accounts, which belong to none, the current one: it comes first."""
    key = (data or {}).get("conference")
    own = next((conference for conference in conferences if conference.pk == key), None)
    return own or next(iter(conferences), None)
