"""When and why a session moved, in sentences on both clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.domain.history.lay_out import Agenda
from registration.domain.history.phrases import minutes_text
from registration.domain.history.replay import SESSION, Move
from registration.domain.history.values import Reader, on_the_day, quoted
from registration.domain.history.why import Cause, Reason, reasons
from workshops.clocks import Zone, faces
from workshops.domain.differences.times import clocks_text
from workshops.templatetags.texts import short_date

_TOLD_AT_MOST = 4
_OTHERS: Mapping[Cause, Promise] = {
    Cause.ADDED: gettext_lazy("Because %(name)s was added before it."),
    Cause.REMOVED: gettext_lazy("Because %(name)s before it was removed."),
    Cause.NOW_BEFORE: gettext_lazy("Because %(name)s comes before it now."),
    Cause.NOW_AFTER: gettext_lazy("Because %(name)s does not come before it any more."),
}


def move_sentences(move: Move, reader: Reader) -> Iterator[str]:
    """On the page of the session itself: from when to when, and why."""
    yield _moved(move, reader.zones)
    found = reasons(move)
    for reason in found[:_TOLD_AT_MOST]:
        yield _why(move, reason, reader)
    if len(found) > _TOLD_AT_MOST:
        more = len(found) - _TOLD_AT_MOST
        yield ngettext(
            "And because of %(number)d more change before it.",
            "And because of %(number)d more changes before it.",
            more,
        ) % {"number": more}


def moved_as_well(move: Move, reader: Reader) -> str:
    """On the page of the day, where it is one of several."""
    return _("%(name)s: %(what)s") % {
        "name": quoted(reader.names.of(SESSION, move.session)),
        "what": _moved(move, reader.zones),
    }


def _moved(move: Move, zones: tuple[Zone, ...]) -> str:
    was, is_now = move.before, move.after
    values = {
        "before": start_text(was, move.session, zones),
        "after": start_text(is_now, move.session, zones),
        "date": short_date(is_now.day.date),
        "earlier_date": short_date(was.day.date),
    }
    if was.day.date == is_now.day.date:
        return _("Moved from %(before)s to %(after)s on %(date)s.") % values
    return _("Moved from %(earlier_date)s, %(before)s, to %(date)s, %(after)s.") % values


def start_text(agenda: Agenda, session: int, zones: tuple[Zone, ...]) -> str:
    return _clocks(agenda.starts[session], agenda.day.date, zones)


def _clocks(start: dt.datetime | None, date: dt.date, zones: tuple[Zone, ...]) -> str:
    if start is None:
        return _("no fixed time")
    return clocks_text(faces(start=start, end=None, zones=zones, home_date=date))


def began_text(start: dt.datetime | None, date: dt.date, zones: tuple[Zone, ...]) -> str:
    """When something new begins."""
    return _("Begins on %(date)s at %(time)s.") % {
        "date": short_date(date),
        "time": _clocks(start, date, zones),
    }


def _why(move: Move, reason: Reason, reader: Reader) -> str:
    if reason.cause is Cause.OPENING:
        return _opening(move, reader.zones)
    if reason.cause is Cause.DATE:
        return _("Because its day is %(date)s now.") % {"date": short_date(move.after.day.date)}
    name = quoted(reader.names.of(SESSION, reason.session))
    if reason.cause is Cause.LASTS:
        return _because_it_lasts(name, *reason.minutes)
    return str(_OTHERS[reason.cause]) % {"name": name}


def _because_it_lasts(name: str, before: int | None, after: int | None) -> str:
    if after is None:
        return _("Because how long %(name)s before it lasts is open now.") % {"name": name}
    values = {"name": name, "before": minutes_text(before or 0), "after": minutes_text(after)}
    if before is None:
        return _("Because %(name)s before it lasts %(after)s; until then that was open.") % values
    return _("Because %(name)s before it lasts %(after)s instead of %(before)s.") % values


def _opening(move: Move, zones: tuple[Zone, ...]) -> str:
    day = move.after.day
    if day.opens is None:
        return _("Because the opening time of its day is open.")
    return _("Because its day opens at %(time)s now.") % {"time": on_the_day(day.date, day.opens, zones)}
