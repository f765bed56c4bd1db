"""Calendar entries as iCalendar text (RFC 5545); icalendar folds, escapes and ends the lines."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar

from workshops.domain.calendar.values import Attendee, Calendar, Entry, Method, Person, Said
from workshops.domain.calendar.zones import timezone_of

PRODUCT = "-//Koepru//Koepru//EN"
ALARM = dt.timedelta(minutes=-30)
# How often a subscribed calendar asks again; public pages are kept no longer than a minute.
REFRESH = dt.timedelta(hours=1)


def to_ical(*, calendar: Calendar) -> bytes:
    """The calendar in UTF-8, with every time on the home zone's clock and both zones described."""
    found = icalendar.Calendar()
    found.add("version", "2.0")
    found.add("prodid", PRODUCT)
    found.add("calscale", "GREGORIAN")
    found.add("method", calendar.method.value)
    if calendar.method is Method.PUBLISH:
        _name(found, calendar.name)
    for zone in _zones(calendar):
        found.add_component(zone)
    for entry in calendar.entries:
        found.add_component(_event(entry, calendar))
    return bytes(found.to_ical())


def _name(found: icalendar.Calendar, name: Said) -> None:
    """RFC 7986, and what programs knew before it."""
    _add_said(found, "name", name)
    found.add("x-wr-calname", name.text)
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT1H")


def _zones(calendar: Calendar) -> list[icalendar.Timezone]:
    # A day may begin, or end, in a neighbouring year on one of the clocks; an empty calendar says so of some year.
    years = {entry.date.year + by for entry in calendar.entries for by in (-1, 1)} or {2020}
    return [timezone_of(name=name, first_year=min(years), last_year=max(years)) for name in calendar.zones]


def _event(entry: Entry, calendar: Calendar) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped)
    event.add("created", entry.created)
    event.add("last-modified", entry.modified)
    event.add("status", entry.status.value)
    _add_times(event, entry, ZoneInfo(calendar.zones[0]))
    _add_said(event, "summary", entry.summary)
    _add_said(event, "description", entry.description)
    event.add("categories", [entry.category.text], parameters={"LANGUAGE": entry.category.language})
    if entry.location:
        event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("transp", "OPAQUE" if entry.is_busy and not entry.is_to_be_announced else "TRANSPARENT")
    event.add("organizer", _organizer(calendar.organizer), encode=False)
    if entry.attendee is not None:
        event.add("attendee", _attendee(entry.attendee), encode=False)
    if entry.has_alarm and calendar.method is not Method.CANCEL:
        event.add_component(_alarm(entry))
    return event


def _add_times(event: icalendar.Event, entry: Entry, home: ZoneInfo) -> None:
    if entry.start is None:
        event.add("dtstart", entry.date)
        return
    event.add("dtstart", entry.start.astimezone(home))
    # Without an end it takes no time at all (RFC 5545, section 3.6.1): nothing is made up.
    if entry.end is not None:
        event.add("dtend", entry.end.astimezone(home))


def _add_said(component: icalendar.Component, name: str, said: Said) -> None:
    component.add(name, said.text, parameters={"LANGUAGE": said.language})


def _organizer(person: Person) -> icalendar.vCalAddress:
    address = _address(person.email, CN=person.name)
    if person.sent_by:
        address.params["SENT-BY"] = f"mailto:{person.sent_by}"
    return address


def _attendee(attendee: Attendee) -> icalendar.vCalAddress:
    return _address(
        attendee.email,
        CN=attendee.name,
        CUTYPE="INDIVIDUAL",
        ROLE="REQ-PARTICIPANT" if attendee.is_needed else "OPT-PARTICIPANT",
        PARTSTAT="ACCEPTED",
        # They have answered by registering.
        RSVP="FALSE",
    )


def _address(email: str, **parameters: str) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        # A parameter can hold no quotation mark (RFC 5545, section 3.2).
        address.params[name] = value.replace('"', "'")
    return address


def _alarm(entry: Entry) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    _add_said(alarm, "description", entry.summary)
    return alarm
