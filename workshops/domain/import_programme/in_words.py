"""A change as a sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workshops.domain.import_programme.changes import Change, Shown
from workshops.models import (
    Appearance,
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)

_MODELS = {
    "conference": Conference,
    "platform": Platform,
    "organisation": Organisation,
    "speaker": Speaker,
    "workshop": Workshop,
    "day": WorkshopDay,
    "session": Session,
    "part": Session,
    "appearance": Appearance,
}
_FIELDS = {
    "dates": gettext_lazy("days"),
    "times": gettext_lazy("time"),
    "order": gettext_lazy("order"),
    "place": gettext_lazy("place in the programme"),
    "hosts": gettext_lazy("hosts"),
}
_LONG = 120


def what_in_words(change: Change) -> str:
    """ "Session", "Workshop", …"""
    return _("part") if change.what == "part" else str(_MODELS[change.what]._meta.verbose_name)


def field_in_words(change: Change) -> str:
    """What the column is called on the organisers' pages; empty for what is added or removed whole."""
    if not change.field:
        return ""
    if change.field in _FIELDS:
        return str(_FIELDS[change.field])
    column: Any = _MODELS[change.what]._meta.get_field(change.field)
    return str(column.verbose_name)


def value_in_words(value: Shown) -> str:
    """A text is shortened; nothing is a dash."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = " | ".join(value) if isinstance(value, list) else str(value) if value is not None else ""
    text = " ".join(text.split())
    return (text if len(text) <= _LONG else f"{text[: _LONG - 1].rstrip()}…") or "–"


def in_words(change: Change) -> str:
    """One line: what it is, where, and both sides of it."""
    what = f"{what_in_words(change)}: {change.where}"
    if change.kind == "changed":
        sides = f"{value_in_words(change.before)} → {value_in_words(change.after)}"
        return f"{what}: {field_in_words(change)}: {sides}"
    return f"{what} ({change.detail})" if change.detail else what
