"""Two readers that have nothing in common with the library that writes: vobject, and ical.js in a browser."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

with warnings.catch_warnings():
    # Written for older Pythons too.
    warnings.simplefilter("ignore")
    import vobject

ICAL_JS = Path(__file__).parent / "icaljs" / "ical.min.js"


@dataclass(frozen=True)
class Read:
    """One event as a program understood it; `start` and `end` in UTC, or dates."""

    uid: str
    sequence: int
    status: str
    summary: str
    description: str
    location: str
    start: dt.date
    end: dt.date | None


def with_vobject(content: bytes) -> tuple[str, list[Read]]:
    """The method, and the events by their UIDs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calendar = vobject.readOne(content.decode())
        events = [_from_vobject(event) for event in calendar.contents.get("vevent", [])]
    return str(calendar.method.value), sorted(events, key=lambda event: event.uid)


def _from_vobject(event: Any) -> Read:
    return Read(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        status=event.status.value,
        summary=event.summary.value,
        description=event.description.value,
        location=event.location.value if hasattr(event, "location") else "",
        start=_in_utc(event.dtstart.value),
        end=_in_utc(event.dtend.value) if hasattr(event, "dtend") else None,
    )


def _in_utc(value: dt.date) -> dt.date:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


_SCRIPT = """async ([source, content]) => {
  const { default: ICAL } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const calendar = new ICAL.Component(ICAL.parse(content));
  const zones = Object.fromEntries(
    calendar.getAllSubcomponents("vtimezone").map((one) => [one.getFirstPropertyValue("tzid"), new ICAL.Timezone(one)]),
  );
  const moment = (event, name) => {
    const property = event.getFirstProperty(name);
    if (!property) return null;
    const time = property.getFirstValue();
    if (time.isDate) return time.toString();
    time.zone = zones[property.getParameter("tzid")];
    return new Date(time.toUnixTime() * 1000).toISOString();
  };
  return {
    method: calendar.getFirstPropertyValue("method"),
    events: calendar.getAllSubcomponents("vevent").map((event) => ({
      uid: event.getFirstPropertyValue("uid"),
      sequence: event.getFirstPropertyValue("sequence"),
      status: event.getFirstPropertyValue("status"),
      summary: event.getFirstPropertyValue("summary"),
      description: event.getFirstPropertyValue("description"),
      location: event.getFirstPropertyValue("location") || "",
      start: moment(event, "dtstart"),
      end: moment(event, "dtend"),
    })),
  };
}"""


def with_ical_js(content: bytes, page: Page) -> tuple[str, list[Read]]:
    found = page.evaluate(_SCRIPT, [ICAL_JS.read_text(), content.decode()])
    events = [
        Read(**{**event, "start": _from_text(event["start"]), "end": _from_text(event["end"])})
        for event in found["events"]
    ]
    return found["method"], sorted(events, key=lambda event: event.uid)


def _from_text(value: str | None) -> Any:
    if value is None or "T" not in value:
        return value and dt.date.fromisoformat(value)
    return dt.datetime.fromisoformat(value)
