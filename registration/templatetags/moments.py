"""A single moment on both clocks, in one line."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django import template

from workshops.clocks import Zone, faces
from workshops.templatetags.texts import short_date

register = template.Library()


@register.simple_tag
def both_clocks(moment: dt.datetime, zones: tuple[Zone, ...]) -> str:
    """As in "1 June 2020, 12:00 CET / 13:00 TRT"; the partner's date is said where it is another."""
    home_date = moment.astimezone(ZoneInfo(zones[0].name)).date()
    shown: list[str] = []
    for face in faces(start=moment, end=None, zones=zones, home_date=home_date):
        date = f"{short_date(face.date)}, " if not shown or face.day_offset else ""
        shown.append(f"{date}{face.start_text}\N{NO-BREAK SPACE}{face.label}")
    return " / ".join(shown)
