"""Links that open a filled-in entry in a calendar on the web: public facts only, and nothing about who follows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from workshops.domain.calendar.values import Entry

_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.office.com/calendar/0/deeplink/compose"
# Addresses that grow too long are cut off, or refused, by browsers and servers on the way.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class WebLinks:
    date: dt.date
    google: str
    outlook: str


def web_links(*, entry: Entry) -> WebLinks:
    return WebLinks(entry.date, _google(entry), _outlook(entry))


def _google(entry: Entry) -> str:
    """In UTC, so that nobody's own zone matters; the whole date while the time is to be announced."""
    form = "%Y%m%dT%H%M%SZ" if entry.start else "%Y%m%d"
    values = {
        "action": "TEMPLATE",
        "text": entry.summary.text,
        "dates": "/".join(moment.strftime(form) for moment in _span(entry)),
        "details": _details(entry),
        "location": entry.location,
    }
    return _link(_GOOGLE, values)


def _outlook(entry: Entry) -> str:
    form = "%Y-%m-%dT%H:%M:%SZ" if entry.start else "%Y-%m-%d"
    start, end = (moment.strftime(form) for moment in _span(entry))
    values = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": entry.summary.text,
        "startdt": start,
        "enddt": end,
        "allday": "false" if entry.start else "true",
        "body": _details(entry),
        "location": entry.location,
    }
    return _link(_OUTLOOK, values)


def _link(address: str, values: dict[str, str]) -> str:
    """Blanks as %20: Outlook shows a plus sign as one."""
    return f"{address}?{urlencode(values, quote_via=quote)}"


def _span(entry: Entry) -> tuple[dt.date, dt.date]:
    """Both want an end: where none is announced, it is the beginning."""
    if entry.start is None:
        return entry.date, entry.date + dt.timedelta(days=1)
    return entry.start.astimezone(dt.UTC), (entry.end or entry.start).astimezone(dt.UTC)


def _details(entry: Entry) -> str:
    """Both clocks come first; what is cut off stands on the page."""
    text = entry.description.text
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(maxsplit=1)[0]} …\n\n{entry.url}"
