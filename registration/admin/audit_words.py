"""One entry as a table: each field by its label, what stood there before and after, as on our pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditlog.models import LogEntry
from django.apps import apps
from django.db.models import ForeignKey
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from conference.audited import HIDDEN
from registration.domain.history.entries import Entry, entry_of
from registration.domain.history.history_of import wanted_of
from registration.domain.history.names import Names
from registration.domain.history.values import Reader, field_of, is_empty, label_of, plain
from workshops.admin.clocks import NONE
from workshops.models import Conference

ACTIONS = {
    LogEntry.Action.CREATE: pgettext_lazy("what was done", "entered"),
    LogEntry.Action.UPDATE: pgettext_lazy("what was done", "changed"),
    LogEntry.Action.DELETE: pgettext_lazy("what was done", "deleted"),
    LogEntry.Action.ACCESS: pgettext_lazy("what was done", "looked at"),
}
# What is written into an entry without being a column of its row.
_OTHERS = {"place": _("number on the waiting list")}
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry."""

    label: str
    before: str
    after: str


def changes_of(row: LogEntry, conference: Conference | None) -> list[Change]:
    """Every field in the order of the form; without those that were empty and stayed so."""
    entry = entry_of(row)
    names = Names([*wanted_of(entry), *_of_all(entry)])
    reader = Reader(names, conference.zones if conference else ())
    found = [_change(entry, name, reader) for name in _in_order(entry)]
    return [change for change in found if (change.before, change.after) != (NONE, NONE)]


def _of_all(entry: Entry) -> list[tuple[str, Any]]:
    """Also of what was entered or deleted, which sentences do not go into."""
    fields = [(field_of(entry.label, name), pair) for name, pair in entry.changes.items()]
    return [
        (found.related_model._meta.label_lower, value)
        for found, pair in fields
        if isinstance(found, ForeignKey)
        for value in pair
    ]


def _in_order(entry: Entry) -> list[str]:
    order = [field.name for field in apps.get_model(entry.label)._meta.concrete_fields]
    # Of who was moved up, the number says it; the stamp that puts them there says nothing true to a reader.
    unsaid = {"waiting_since"} if "place" in entry.changes else set()
    names = [name for name in entry.changes if name not in unsaid]
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def _change(entry: Entry, name: str, reader: Reader) -> Change:
    label = capfirst(str(_OTHERS[name])) if name in _OTHERS else label_of(entry.label, name)
    before, after = entry.changes[name]
    # A time of a day is on both clocks of the date which the day had by then.
    then = replace(entry, data={**entry.data, "date": entry.before("date") or entry.data.get("date")})
    return Change(label, _shown(then, name, before, reader), _shown(entry, name, after, reader))


def _shown(entry: Entry, name: str, value: Any, reader: Reader) -> str:
    if is_empty(value):
        return NONE
    if value == HIDDEN:
        return pgettext("secret", "kept, not shown")
    return Truncator(plain(entry, name, value, reader)).chars(_LONGEST)
