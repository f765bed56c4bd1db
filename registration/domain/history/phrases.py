"""What is said of single columns of the programme, of accounts and of settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.dateparse import parse_date, parse_time
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.domain.history.entries import Entry
from registration.domain.history.values import Reader, is_empty, on_the_day, quoted
from workshops.templatetags.texts import short_date

Key = tuple[str, str]
Phrase = Callable[[Entry, Any, Any, Reader], Iterator[str]]

NAMES: set[Key] = {
    ("workshops.conference", "name"),
    ("workshops.workshop", "title"),
    ("workshops.workshopday", "title"),
    ("workshops.session", "title"),
    ("workshops.organisation", "name"),
    ("workshops.platform", "name"),
    ("registration.invitationlist", "name"),
}

SWITCHED: Mapping[Key, tuple[str | Promise, str | Promise]] = {
    ("workshops.conference", "is_current"): (
        gettext_lazy("Shown on the site from now on."),
        gettext_lazy("No longer shown on the site."),
    ),
    ("workshops.conference", "reminders"): (
        gettext_lazy("People are reminded from now on."),
        gettext_lazy("People are not reminded any more."),
    ),
    ("workshops.conference", "thanks"): (
        gettext_lazy("People are thanked after the last day."),
        gettext_lazy("People are not thanked after the last day any more."),
    ),
    ("workshops.session", "everybody"): (
        gettext_lazy("Everybody takes part now."),
        gettext_lazy("No longer an item in which everybody takes part."),
    ),
    ("accounts.user", "is_active"): (
        gettext_lazy("The account may be used."),
        gettext_lazy("The account was closed."),
    ),
    ("accounts.user", "is_staff"): (
        gettext_lazy("May come into the administration."),
        gettext_lazy("May no longer come into the administration."),
    ),
    ("accounts.user", "is_superuser"): (
        gettext_lazy("Was made an operator."),
        gettext_lazy("Is no longer an operator."),
    ),
    ("workshops.membership", "daily_overview"): (
        gettext_lazy("Gets the daily overview by mail."),
        gettext_lazy("No longer gets the daily overview by mail."),
    ),
    ("registration.accessdetails", "personal_codes"): (
        gettext_lazy("Everybody gets a personal code from now on."),
        gettext_lazy("Nobody gets a personal code any more."),
    ),
}


def switched(key: Key, label: str, *, is_on: bool) -> str:
    if key in SWITCHED:
        return str(SWITCHED[key][0 if is_on else 1])
    text = _("“%(field)s” was switched on.") if is_on else _("“%(field)s” was switched off.")
    return text % {"field": label}


def renamed(before: Any, after: Any, language: str) -> str:
    """`language` is empty where there is only one name for all."""
    values = {"before": before, "after": after, "language": language}
    if is_empty(before):
        return (_("Named “%(after)s” (%(language)s).") if language else _("Named “%(after)s”.")) % values
    if is_empty(after):
        return _("The name “%(before)s” was removed (%(language)s).") % values
    if language:
        return _("Renamed from “%(before)s” to “%(after)s” (%(language)s).") % values
    return _("Renamed from “%(before)s” to “%(after)s”.") % values


# Limits


def _active(before: Any, after: Any) -> str:
    values = {"before": before, "after": after}
    if before is None:
        return _("Active places limited to %(after)s.") % values
    if after is None:
        return _("The limit of %(before)s active places was lifted.") % values
    if after > before:
        return _("The limit of active places was raised from %(before)s to %(after)s.") % values
    return _("The limit of active places was lowered from %(before)s to %(after)s.") % values


def _listeners(before: Any, after: Any) -> str:
    values = {"before": before, "after": after}
    if before is None:
        return _("Places for listeners limited to %(after)s.") % values
    if after is None:
        return _("The limit of %(before)s places for listeners was lifted.") % values
    if after > before:
        return _("The limit of places for listeners was raised from %(before)s to %(after)s.") % values
    return _("The limit of places for listeners was lowered from %(before)s to %(after)s.") % values


LIMITS: Mapping[Key, Callable[[Any, Any], str]] = {
    ("workshops.workshop", "capacity_active"): _active,
    ("workshops.workshop", "capacity_listener"): _listeners,
}


# Days and sessions


def minutes_text(minutes: int) -> str:
    return ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes}


def _duration(_entry: Entry, before: Any, after: Any, _reader: Reader) -> Iterator[str]:
    values = {"before": minutes_text(before or 0), "after": minutes_text(after or 0)}
    if after is None:
        yield _("How long it lasts is open; it was %(before)s.") % values
    elif before is None:
        yield _("Lasts %(after)s; until then that was open.") % values
    else:
        yield _("Now lasts %(after)s instead of %(before)s.") % values


def _order(_entry: Entry, _before: Any, _after: Any, _reader: Reader) -> Iterator[str]:
    yield _("The order was changed.")


def _date(_entry: Entry, before: Any, after: Any, _reader: Reader) -> Iterator[str]:
    was, is_now = parse_date(str(before or "")), parse_date(str(after or ""))
    if was and is_now:
        yield _("Moved from %(before)s to %(after)s.") % {
            "before": short_date(was),
            "after": short_date(is_now),
        }


def _day_time(label: str, text: Promise | str, first: Promise | str, last: Promise | str) -> Phrase:
    def phrase(entry: Entry, before: Any, after: Any, reader: Reader) -> Iterator[str]:
        was, is_now = _clock(entry, before, reader, then=True), _clock(entry, after, reader)
        template = text if before and after else first if after else last
        yield str(template) % {"before": was, "after": is_now}

    phrase.__name__ = label
    return phrase


def _clock(entry: Entry, value: Any, reader: Reader, *, then: bool = False) -> str:
    """On both clocks of the date the day had, before or after this entry."""
    time = parse_time(str(value)) if value else None
    if time is None or not reader.zones:
        return str(value or "")
    date = (entry.before("date") if then else None) or entry.data.get("date")
    return on_the_day(_as_date(date), time, reader.zones)


def _as_date(value: Any) -> dt.date | None:
    return parse_date(str(value)) if value else None


def _parent(_entry: Entry, before: Any, after: Any, reader: Reader) -> Iterator[str]:
    names = reader.names
    if after is None:
        yield _("No longer a part of %(name)s.") % {"name": quoted(names.of("workshops.session", before))}
    else:
        yield _("Now a part of %(name)s.") % {"name": quoted(names.of("workshops.session", after))}


def _confirmed(_entry: Entry, _before: Any, after: Any, _reader: Reader) -> Iterator[str]:
    yield _("Confirmed.") if after == "confirmed" else _("To be confirmed again.")


def _interpreters(_entry: Entry, _before: Any, after: Any, _reader: Reader) -> Iterator[str]:
    """Names of people who need not be named longer than the run sheet needs them."""
    yield _("The interpreters were removed.") if is_empty(after) else _("The interpreters were changed.")


def _contact(_entry: Entry, _before: Any, after: Any, _reader: Reader) -> Iterator[str]:
    yield _("How to reach them was removed.") if is_empty(after) else _("How to reach them was changed.")


SPECIAL: Mapping[Key, Phrase] = {
    ("workshops.session", "duration_minutes"): _duration,
    ("workshops.session", "position"): _order,
    ("workshops.session", "parent"): _parent,
    ("workshops.workshop", "position"): _order,
    ("workshops.workshophost", "position"): _order,
    ("workshops.appearance", "position"): _order,
    ("workshops.appearance", "status"): _confirmed,
    ("workshops.speaker", "contact"): _contact,
    ("workshops.workshopday", "interpreters"): _interpreters,
    ("workshops.workshopday", "date"): _date,
    ("workshops.workshopday", "opens"): _day_time(
        "opens",
        gettext_lazy("Now opens at %(after)s instead of %(before)s."),
        gettext_lazy("Opens at %(after)s; until then the time was open."),
        gettext_lazy("When it opens is open again; it was %(before)s."),
    ),
    ("workshops.workshopday", "closes"): _day_time(
        "closes",
        gettext_lazy("Now closes at %(after)s instead of %(before)s."),
        gettext_lazy("Closes at %(after)s; until then the time was open."),
        gettext_lazy("When it closes is open again; it was %(before)s."),
    ),
}
