"""Times on both clocks, for lists and forms of the admin."""

from __future__ import annotations

import datetime as dt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from workshops.clocks import Face, LegendEntry, WallClockError, Zone, faces, instant
from workshops.domain.build_programme import build_programme
from workshops.domain.programme import DayEntry, day_faces
from workshops.models import Conference, WorkshopDay
from workshops.templatetags.texts import clock_meaning, short_date

NONE = "–"


def on_both_clocks(moment: dt.datetime | None, conference: Conference) -> str | SafeString:
    """A date with both times, e.g. "15 June 2020, 09:30 CET / 10:30 TRT"; a dash where there is none."""
    if moment is None:
        return NONE
    home = faces(
        start=moment, end=None, zones=conference.zones, home_date=_home_date(moment, conference.zones)
    )
    return format_html('<span class="clocks">{}, {}</span>', short_date(home[0].date), _faces(home))


def _home_date(moment: dt.datetime, zones: tuple[Zone, ...]) -> dt.date:
    return faces(start=moment, end=None, zones=zones[:1], home_date=moment.date())[0].date


def clock_faces(clocks: tuple[Face, ...]) -> SafeString:
    """ "09:30–11:30 CET / 10:30–12:30 TRT", or that the time is to be announced."""
    if not clocks:
        return format_html('<span class="clocks">{}</span>', _("to be announced"))
    return format_html('<span class="clocks">{}</span>', _faces(clocks))


def _faces(clocks: tuple[Face, ...]) -> SafeString:
    return format_html_join(
        " / ", '<span class="clock">{} {}</span>', ((_span(face), face.label) for face in clocks)
    )


def _span(face: Face) -> str:
    start = face.start_text + _offset(face.day_offset)
    return f"{start}–{face.end_text}{_offset(face.end_day_offset)}" if face.end else start


def _offset(days: int) -> str:
    return f" ({days:+})".replace("-", "−") if days else ""


def clocks_of_day(day: WorkshopDay) -> SafeString:
    """A day's opening and closing time; an error of the clocks is said, not raised."""
    entry = day_clocks(day)
    return clock_faces(entry[0]) if entry else error_of_clocks()


def day_clocks(day: WorkshopDay) -> tuple[tuple[Face, ...], tuple[LegendEntry, ...]] | None:
    zones = day.workshop.conference.zones
    try:
        start = instant(date=day.date, time=day.opens, zone=zones[0].name) if day.opens else None
        end = instant(date=day.date, time=day.closes, zone=zones[0].name) if day.closes else None
    except WallClockError:
        return None
    return day_faces(start=start, end=end, date=day.date, zones=zones)


def error_of_clocks() -> SafeString:
    return format_html(
        '<span class="clocks">{}</span>', _("This time does not exist, or exists twice, on that date.")
    )


def day_entry(day: WorkshopDay) -> DayEntry | None:
    """The day as the programme would show it now; None where its times name no instant."""
    try:
        programme = build_programme(conference=day.workshop.conference)
    except WallClockError:
        return None
    days = (entry for workshop in programme.workshops for entry in workshop.days)
    return next((entry for entry in days if entry.id == day.pk), None)


def legend_text(entries: tuple[LegendEntry, ...]) -> str:
    """What the labels mean on that date, e.g. "CET = German time, UTC+2 (summer time)"."""
    return "; ".join(clock_meaning(entry) for entry in entries)
