"""Dates and both clocks, as a mail writes them in the active language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from registration.mails.letter import Clock, Phrase, TimeRow
from workshops.clocks import Face, Zone, faces
from workshops.domain.programme import DayEntry
from workshops.languages import active_language
from workshops.templatetags.texts import clock_meaning, short_date


def row_of(day: DayEntry) -> TimeRow:
    title = Phrase.of(day.title, active_language())
    return TimeRow(
        date=short_date(day.date),
        title=title if title.text else None,
        clocks=tuple(_clock(face) for face in day.faces),
        pending="" if day.faces else _("time to be announced"),
    )


def moment_text(moment: dt.datetime, zones: tuple[Zone, ...], *, until: dt.datetime | None = None) -> str:
    """One instant (aware) on both clocks: "15 June 2020, 23:59 CET / 00:59 TRT, +1 (16 June 2020)"; or a span."""
    clocks = tuple((zone.name, zone.label) for zone in zones)
    return _kept_moment(moment, until, clocks, active_language())


@lru_cache(maxsize=256)
def _kept_moment(
    moment: dt.datetime, until: dt.datetime | None, clocks: tuple[tuple[str, str], ...], _language: str
) -> str:
    zones = tuple(Zone(name, label, {}) for name, label in clocks)
    home_date = moment.astimezone(ZoneInfo(zones[0].name)).date()
    shown = faces(start=moment, end=until, zones=zones, home_date=home_date)
    return row_text(TimeRow(date=short_date(home_date), clocks=tuple(_clock(face) for face in shown)))


def row_text(row: TimeRow) -> str:
    """On one line: "15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT"."""
    clocks = " / ".join(clock_text(clock) for clock in row.clocks)
    return f"{row.date}, {clocks or row.pending}"


def clock_text(clock: Clock) -> str:
    return f"{clock.time} {clock.label}" + (f", {clock.note}" if clock.note else "")


def legend_of(days: tuple[DayEntry, ...]) -> tuple[str, ...]:
    """What the labels mean; once for each date only where that differs (a clock-change lies between)."""
    meanings = {day.date: "; ".join(clock_meaning(entry) for entry in day.legend) for day in days}
    if len(set(meanings.values())) <= 1:
        return tuple(meanings.values())[:1]
    return tuple(f"{short_date(date)}: {meaning}" for date, meaning in meanings.items())


def _clock(face: Face) -> Clock:
    time = face.start_text
    if face.end_text:
        later = face.end_day_offset - face.day_offset
        time += f"–{face.end_text}" + (f" ({_signed(face.end_day_offset)})" if later else "")
    note = f"{_signed(face.day_offset)} ({short_date(face.date)})" if face.day_offset else ""
    return Clock(label=face.label, time=time, note=note)


def _signed(days: int) -> str:
    return f"{'−' if days < 0 else '+'}{abs(days)}"
