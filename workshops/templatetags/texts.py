"""Prints dates, and texts in the reader's language; marks those that stand in for a missing translation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from workshops.clocks import LegendEntry, Zone
from workshops.domain.programme import WorkshopEntry
from workshops.languages import CODES, Text, active_language, choose
from workshops.markdown import to_html

register = template.Library()


@register.simple_tag
def text(value: Text | None, language: str = "") -> str | SafeString:
    """The text in the page's language; another one, where it is missing, in a span with its `lang`."""
    wanted = language or active_language()
    chosen, code = choose(value or {}, wanted)
    if code == active_language() or not chosen:
        return chosen
    return format_html('<span lang="{}">{}</span>', code, chosen)


@register.filter
def plain(value: Text | None) -> str:
    """The same for attributes and titles, where no element can stand."""
    return choose(value or {}, active_language())[0]


@register.simple_tag
def markdown(value: Text | None, language: str = "", heading: int = 3) -> SafeString:
    """A Markdown text as sanitised HTML; `heading` is the level its own headings begin with."""
    chosen, code = choose(value or {}, language or active_language())
    if not chosen:
        return SafeString("")
    html = to_html(chosen, first_heading=heading)
    return html if code == active_language() else format_html('<div lang="{}">{}</div>', code, html)


@register.filter
def has_text(value: Text | None) -> bool:
    return any((value or {}).get(code) for code in CODES)


@register.filter
def here(value: Text | None) -> str:
    """The text in the page's language and in no other."""
    return (value or {}).get(active_language(), "")


@dataclass(frozen=True, slots=True)
class SignVideo:
    """`host` says where a link leads before it is followed."""

    url: str
    name: str
    host: str


@register.filter
def sign_videos(value: Text | None) -> list[SignVideo]:
    """Every video there is: who signs in one country reads these pages in either language."""
    names = {
        "de": gettext("Video in German Sign Language (DGS)"),
        "tr": gettext("Video in Turkish Sign Language (TİD)"),
        "en": gettext("Video in International Sign"),
    }
    found = {code: (value or {}).get(code, "") for code in CODES}
    return [SignVideo(url, names[code], urlsplit(url).hostname or "") for code, url in found.items() if url]


@register.simple_tag
def weekday_date(value: dt.date, language: str = "") -> str:
    """As each writes it: "Montag, 15. Juni 2020", "15 Haziran 2020 Pazartesi", "Monday, 15 June 2020"."""
    code = language or active_language()
    with override(code):
        return date_format(value, {"de": "l, j. F Y", "tr": "j F Y l"}.get(code, "l, j F Y"))


@register.simple_tag
def short_date(value: dt.date, language: str = "") -> str:
    """Without the weekday: "15. Juni 2020", "15 Haziran 2020", "15 June 2020"."""
    code = language or active_language()
    with override(code):
        return date_format(value, {"de": "j. F Y"}.get(code, "j F Y"))


@register.simple_tag
def date_range(first: dt.date, last: dt.date) -> str:
    """As each language writes it: "15.–18. Juni 2020", "15–18 Haziran 2020", "15–18 June 2020"."""
    if first == last:
        return short_date(first)
    if (first.year, first.month) != (last.year, last.month):
        return f"{short_date(first)} – {short_date(last)}"
    return f"{first.day}{'.' if active_language() == 'de' else ''}–{short_date(last)}"


@register.simple_tag
def clock_date(moment: dt.datetime, zones: Sequence[Zone]) -> str:
    """The date of an instant in the home zone; where the partner has another date by then, both."""
    dates = [moment.astimezone(ZoneInfo(zone.name)).date() for zone in zones]
    return " / ".join(dict.fromkeys(short_date(date) for date in dates))


def clock_meaning(entry: LegendEntry) -> str:
    """What a label means on one date: "CET = German time, UTC+2 (summer time)"."""
    text = f"{entry.label} = {choose(entry.meaning, active_language())[0]}, {entry.utc_offset_text}"
    if not entry.has_summer_time:
        return text
    return f"{text} ({gettext('summer time') if entry.is_summer_time else gettext('winter time')})"


@register.simple_tag
def day_offset(days: int) -> str:
    """ ", +1" behind a time whose date is not the home date: for print, where no badge stands."""
    return f", {'+' if days > 0 else '−'}{abs(days)}" if days else ""


@register.simple_tag
def language_names(codes: Sequence[str]) -> str:
    """ "Deutsch ↔ Türkisch" in the page's language."""
    names = dict(settings.LANGUAGES)
    return " ↔ ".join(str(names[code]) for code in codes if code in names)


@register.simple_tag
def kind_name(workshop: WorkshopEntry, numbered: bool = True) -> str:
    """What one registers for, in a word: "Fachworkshop 1", "Informationsveranstaltung"."""
    names = {
        "information_event": gettext("Information event"),
        "roundtable": gettext("Roundtable"),
    }
    name = names.get(workshop.kind) or gettext("Workshop")
    return f"{name} {workshop.number}" if numbered and workshop.number else name
