"""Times in sentences: always on both clocks, and with the partner's date where that is another one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from workshops.clocks import Face, Zone, faces
from workshops.domain.programme import DayEntry, SessionEntry
from workshops.templatetags.texts import short_date, weekday_date


def day_text(day: DayEntry) -> str:
    """ "Monday, 15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT"."""
    return f"{weekday_date(day.date)}, {clocks_text(day.faces) or _('time still open')}"


def session_text(session: SessionEntry) -> str:
    return clocks_text(session.faces) or _("without a fixed time")


def start_text(session: SessionEntry) -> str:
    """Seen from the session's own day, so that a day that was moved does not date every time in it."""
    return clocks_text(tuple(replace(face, end=None) for face in session.faces)) or _("without a fixed time")


def moment_text(at: dt.datetime, zones: tuple[Zone, ...]) -> str:
    """ "15 June 2020, 23:59 CET / 00:59 TRT, +1 (16 June 2020)"."""
    home_date = at.astimezone(ZoneInfo(zones[0].name)).date()
    return (
        f"{short_date(home_date)}, {clocks_text(faces(start=at, end=None, zones=zones, home_date=home_date))}"
    )


def clocks_text(clocks: tuple[Face, ...]) -> str:
    """ "23:30–00:30 (+1) CET / 00:30–01:30 TRT, +1 (16 June 2020)"; empty without a time."""
    return " / ".join(_face(face) for face in clocks)


def _face(face: Face) -> str:
    text = face.start_text
    if face.end_text:
        later = face.end_day_offset != face.day_offset
        text += f"–{face.end_text}" + (f" ({_signed(face.end_day_offset)})" if later else "")
    text = f"{text} {face.label}"
    return f"{text}, {_signed(face.day_offset)} ({short_date(face.date)})" if face.day_offset else text


def _signed(days: int) -> str:
    return f"{'−' if days < 0 else '+'}{abs(days)}"
