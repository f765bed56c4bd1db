"""Entries of the audit log in the reader's words: fields by their labels, choices, dates and times as on our pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model, TimeField
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField
from modeltranslation.fields import TranslationField

from conference.audited import HIDDEN
from workshops.admin.clocks import NONE, clock_faces, on_both_clocks
from workshops.clocks import WallClockError, faces, instant
from workshops.languages import OWN_NAMES
from workshops.models import Conference, WorkshopDay
from workshops.templatetags.texts import short_date

ACTIONS = {
    LogEntry.Action.CREATE: pgettext_lazy("what was done", "entered"),
    LogEntry.Action.UPDATE: pgettext_lazy("what was done", "changed"),
    LogEntry.Action.DELETE: pgettext_lazy("what was done", "deleted"),
    LogEntry.Action.ACCESS: pgettext_lazy("what was done", "looked at"),
}
EXPORTED = pgettext_lazy("what was done", "exported")
# What is written into an entry without being a column of its row.
_OTHERS = {"place": _("number on the waiting list")}
_EMPTY: tuple[Any, ...] = (None, "", "None", [], {})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry."""

    label: str
    before: Any
    after: Any


def action_of(entry: LogEntry) -> str:
    exported = "export" in (entry.additional_data or {})
    return str(EXPORTED if exported else ACTIONS[entry.action])


def kind_of(entry: LogEntry) -> str:
    model = entry.content_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else NONE


def changes_of(entry: LogEntry, conference: Conference | None) -> list[Change]:
    """Every field in the order of the form; without those that were empty and stayed so."""
    found = [_change(entry, name, pair, conference) for name, pair in _pairs(entry)]
    return [change for change in found if (change.before, change.after) != (NONE, NONE)]


def brief_changes(entry: LogEntry, conference: Conference | None) -> list[str]:
    """One line for each field; values only where no other row need be read for them."""
    return [_brief(entry, name, pair, conference) for name, pair in _pairs(entry)]


def _brief(entry: LogEntry, name: str, pair: list[Any], conference: Conference | None) -> str:
    label, field = label_of(entry, name), _field(entry, name)
    if HIDDEN in pair or isinstance(field, ForeignKey | TimeField):
        return label
    before, after = (_short(_said(entry, field, value, conference)) for value in pair)
    return f"{label}: {before} → {after}"


def _short(value: Any) -> str:
    """Of our own markup, which only times have, the text."""
    return Truncator(strip_tags(value) if isinstance(value, SafeString) else str(value)).chars(60)


def _change(entry: LogEntry, name: str, pair: list[Any], conference: Conference | None) -> Change:
    field = _field(entry, name)
    return Change(label_of(entry, name), *(_said(entry, field, value, conference) for value in pair))


def _pairs(entry: LogEntry) -> list[tuple[str, list[Any]]]:
    model = entry.content_type.model_class()
    order = [field.name for field in model._meta.concrete_fields] if model else []
    changes = entry.changes or {}
    # Of who was moved up, the number says it; the stamp that puts them there says nothing true to a reader.
    unsaid = {"waiting_since"} if "place" in changes else set()
    pairs = [(name, pair) for name, pair in changes.items() if isinstance(pair, list) and name not in unsaid]
    return sorted(pairs, key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order))


def _field(entry: LogEntry, name: str) -> Field[Any, Any] | None:
    model: type[Model] | None = entry.content_type.model_class()
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def label_of(entry: LogEntry, name: str) -> str:
    field: Any = _field(entry, name)
    if isinstance(field, TranslationField):
        return f"{capfirst(str(field.translated_field.verbose_name))} ({OWN_NAMES[field.language]})"
    return capfirst(str(field.verbose_name if field else _OTHERS.get(name, name)))


def _said(entry: LogEntry, field: Field[Any, Any] | None, value: Any, conference: Conference | None) -> Any:
    """A stored value as the reader knows it from the form."""
    if value in _EMPTY:
        return NONE
    if value == HIDDEN:
        return pgettext("secret", "kept, not shown")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(str(OWN_NAMES.get(part, part)) for part in value)
    if isinstance(field, ForeignKey):
        return _named(field, value)
    return _time(entry, field, str(value), conference) or _text(field, value)


def _text(field: Field[Any, Any] | None, value: Any) -> str:
    if isinstance(field, CountryField):
        return str(countries.name(str(value)) or value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(str(value)).chars(600)


def _named(field: ForeignKey[Any, Any], key: Any) -> str:
    model: Any = field.related_model
    row = model._default_manager.filter(pk=key).first()
    return str(row) if row else gettext("no longer there (number %(number)s)") % {"number": key}


def _time(entry: LogEntry, field: Field[Any, Any] | None, value: str, conference: Conference | None) -> Any:
    """Instants and times on both clocks, dates in the reader's way; None for what is none of them."""
    try:
        if isinstance(field, DateTimeField) and conference and (moment := parse_datetime(value)):
            # django-auditlog keeps instants in UTC, without saying so.
            return on_both_clocks(moment.replace(tzinfo=moment.tzinfo or dt.UTC), conference)
        if isinstance(field, DateField) and (day := parse_date(value)):
            return short_date(day)
        if isinstance(field, TimeField) and conference and (time := parse_time(value)):
            return _on_the_day(entry, time, conference)
    except ValueError:
        return None
    return None


def _on_the_day(entry: LogEntry, time: dt.time, conference: Conference) -> str:
    """A day’s wall-clock time on both clocks of that date; without the day only the home clock is known."""
    day = WorkshopDay.objects.filter(pk=entry.object_id).first()
    zones = conference.zones
    try:
        start = instant(date=day.date, time=time, zone=zones[0].name) if day else None
    except WallClockError:
        start = None
    if day is None or start is None:
        return f"{time:%H:%M} {zones[0].label}"
    return clock_faces(faces(start=start, end=None, zones=zones, home_date=day.date))
