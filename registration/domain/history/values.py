"""Stored values in the reader's words: choices by their label, rows by their name, times on both clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model, TextField, TimeField
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.fields import CountryField
from modeltranslation.fields import TranslationField

from registration.domain.history.entries import Entry
from registration.domain.history.names import Names
from workshops.clocks import WallClockError, Zone, faces, instant
from workshops.domain.differences.times import clocks_text, moment_text
from workshops.languages import OWN_NAMES
from workshops.templatetags.texts import short_date

_LONGEST = 120
EMPTY: tuple[Any, ...] = (None, "", "None", [], {})


@dataclass(frozen=True, slots=True)
class Reader:
    """What it takes to say an entry: the names of rows, and the clocks of its conference (empty: of none)."""

    names: Names
    zones: tuple[Zone, ...] = ()


def is_empty(value: Any) -> bool:
    return value in EMPTY and value is not False and value != 0


@cache
def field_of(label: str, name: str) -> Field[Any, Any] | None:
    try:
        model: type[Model] = apps.get_model(label)
        found = model._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def label_of(label: str, name: str) -> str:
    """ "Title (Türkçe)"; a column there is no more by its own name."""
    found: Any = field_of(label, name)
    if isinstance(found, TranslationField):
        return f"{capfirst(str(found.translated_field.verbose_name))} ({OWN_NAMES[found.language]})"
    return capfirst(str(found.verbose_name)) if found is not None else name


def is_long(label: str, name: str) -> bool:
    return isinstance(field_of(label, name), TextField)


def said(entry: Entry, name: str, value: Any, reader: Reader) -> str:
    """In quotation marks where somebody wrote it."""
    if isinstance(value, list | bool | int) and not _is_named(entry, name):
        return plain(entry, name, value, reader)
    if isinstance(field_of(entry.label, name), CountryField):
        return plain(entry, name, value, reader)
    return _time(entry, field_of(entry.label, name), str(value), reader) or quoted(
        plain(entry, name, value, reader)
    )


def _is_named(entry: Entry, name: str) -> bool:
    found = field_of(entry.label, name)
    return isinstance(found, ForeignKey) or bool(getattr(found, "choices", None))


def plain(entry: Entry, name: str, value: Any, reader: Reader) -> str:
    """Rows by their name, choices by their label, languages and countries as the reader calls them."""
    found = field_of(entry.label, name)
    if isinstance(found, ForeignKey):
        return reader.names.of(found.related_model._meta.label_lower, value)
    if isinstance(value, list):
        return ", ".join(str(OWN_NAMES.get(part, part)) for part in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(found, CountryField):
        return str(countries.name(str(value)) or value)
    if found is not None and found.choices:
        return str(dict(found.flatchoices).get(value, value))
    return _time(entry, found, str(value), reader) or str(value)


def quoted(text: str) -> str:
    return _("“%(title)s”") % {"title": Truncator(text).chars(_LONGEST)}


def _time(entry: Entry, found: Field[Any, Any] | None, value: str, reader: Reader) -> str:
    """Empty for what is no time."""
    try:
        if isinstance(found, DateTimeField) and reader.zones and (moment := parse_datetime(value)):
            # django-auditlog keeps instants in UTC, without saying so.
            return moment_text(moment.replace(tzinfo=moment.tzinfo or dt.UTC), reader.zones)
        if isinstance(found, DateField) and (day := parse_date(value)):
            return short_date(day)
        if isinstance(found, TimeField) and reader.zones and (time := parse_time(value)):
            return on_the_day(parse_date(str(entry.data.get("date", ""))), time, reader.zones)
    except ValueError:
        pass
    return ""


def on_the_day(date: dt.date | None, time: dt.time, zones: tuple[Zone, ...]) -> str:
    """A wall-clock time on both clocks of that date; without the date only the home clock is known."""
    try:
        start = instant(date=date, time=time, zone=zones[0].name) if date else None
    except WallClockError:
        start = None
    if date is None or start is None:
        return f"{time:%H:%M} {zones[0].label}"
    return clocks_text(faces(start=start, end=None, zones=zones, home_date=date))
