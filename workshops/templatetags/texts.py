"""Prints texts in the reader's language, marks the ones that stand in for a missing translation, and dates."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from workshops.languages import CODES, Text, choose
from workshops.markdown import to_html

register = template.Library()


def _language() -> str:
    return (get_language() or "en")[:2]


@register.simple_tag
def text(value: Text | None, language: str = "") -> str | SafeString:
    """The text in the page's language; another one, where it is missing, in a span with its `lang`."""
    wanted = language or _language()
    chosen, code = choose(value or {}, wanted)
    if code == _language() or not chosen:
        return chosen
    return format_html('<span lang="{}">{}</span>', code, chosen)


@register.filter
def plain(value: Text | None) -> str:
    """The same for attributes and titles, where no element can stand."""
    return choose(value or {}, _language())[0]


@register.simple_tag
def markdown(value: Text | None, language: str = "", heading: int = 3) -> SafeString:
    """A Markdown text as sanitised HTML; `heading` is the level its own headings begin with."""
    chosen, code = choose(value or {}, language or _language())
    if not chosen:
        return SafeString("")
    html = to_html(chosen, first_heading=heading)
    return html if code == _language() else format_html('<div lang="{}">{}</div>', code, html)


@register.filter
def has_text(value: Text | None) -> bool:
    return any((value or {}).get(code) for code in CODES)


@register.simple_tag
def weekday_date(value: dt.date, language: str = "") -> str:
    """As each language writes it: "Montag, 15. Juni 2020", "15 Haziran 2020 Pazartesi", "Monday, 15 June 2020"."""
    code = language or _language()
    with override(code):
        return date_format(value, {"de": "l, j. F Y", "tr": "j F Y l"}.get(code, "l, j F Y"))


@register.simple_tag
def short_date(value: dt.date, language: str = "") -> str:
    """Without the weekday: "15. Juni 2020", "15 Haziran 2020", "15 June 2020"."""
    code = language or _language()
    with override(code):
        return date_format(value, {"de": "j. F Y"}.get(code, "j F Y"))
