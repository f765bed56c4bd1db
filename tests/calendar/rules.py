"""What RFC 5545, 5546 and 7986 ask of a calendar file, checked on the bytes, without any calendar library."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME"}
# RFC 5545, section 3.6.1, and RFC 5546, sections 3.2.1, 3.2.2 and 3.2.5; each exactly once.
ALWAYS = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "SEQUENCE",
    "ORGANIZER",
    "SUMMARY",
    "STATUS",
    "LAST-MODIFIED",
    "CREATED",
}
ONCE = ALWAYS | {"DESCRIPTION", "LOCATION", "URL", "TRANSP", "DTEND", "CATEGORIES"}
ATTENDEES = {"PUBLISH": 0, "REQUEST": 1, "CANCEL": 1}
STATUS = {
    "PUBLISH": {"CONFIRMED", "TENTATIVE", "CANCELLED"},
    "REQUEST": {"CONFIRMED", "TENTATIVE"},
    "CANCEL": {"CANCELLED"},
}
_LINE = re.compile(r'(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)')
_PARAMETER = re.compile(r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)')
_RAW = re.compile(r"(?<!\\)(?:\\\\)*[,;]")
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass
class Component:
    name: str
    lines: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[tuple[dict[str, str], str]]:
        return [(parameters, value) for found, parameters, value in self.lines if found == name]

    def one(self, name: str) -> str:
        [(_parameters, value)] = self.all(name)
        return value

    def named(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]


def read(content: bytes) -> Component:
    """The tree of components, with unfolded lines."""
    stack = [Component("")]
    for line in unfolded(content):
        found = _LINE.fullmatch(line)
        assert found, f"no content line: {line!r}"
        name, value = found["name"], found["value"]
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            parameters = {key: raw.strip('"') for key, raw in _PARAMETER.findall(found["parameters"])}
            stack[-1].lines.append((name, parameters, value))
    [calendar] = stack[0].parts
    assert (len(stack), calendar.name) == (1, "VCALENDAR")
    return calendar


def unfolded(content: bytes) -> list[str]:
    """Every physical line ends with CRLF, has 75 octets at most, and is text by itself: no letter is cut in two."""
    assert content.endswith(b"\r\n")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    assert [line for line in physical if b"\r" in line or b"\n" in line] == []
    assert [line for line in physical if len(line) > 75] == []
    assert [line for line in physical if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line)] == []
    lines: list[str] = []
    for line in (line.decode("utf-8") for line in physical):
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def problems(content: bytes) -> list[str]:
    """Every rule that is broken; empty for a good file."""
    calendar = read(content)
    method = calendar.one("METHOD")
    found = [f"{name} missing" for name in ("PRODID", "VERSION") if len(calendar.all(name)) != 1]
    found += [] if calendar.one("VERSION") == "2.0" else ["VERSION"]
    found += [] if calendar.parts else ["a calendar needs a component"]
    events, zones = calendar.named("VEVENT"), calendar.named("VTIMEZONE")
    uids = [event.one("UID") for event in events]
    found += [] if len(set(uids)) == len(uids) else ["UIDs repeat"]
    if method != "PUBLISH" and len(set(uids)) != 1:
        found.append("a scheduling object is about one UID")
    known = {zone.one("TZID"): zone for zone in zones}
    for event in events:
        found += _event_problems(event, method, known)
    return found + _text_problems(calendar)


def _event_problems(event: Component, method: str, zones: dict[str, Component]) -> list[str]:
    uid = event.one("UID")
    found = [f"{uid}: {name}" for name in ALWAYS if len(event.all(name)) != 1]
    found += [f"{uid}: {name} repeats" for name in ONCE if len(event.all(name)) > 1]
    found += [] if "@" in uid else [f"{uid}: is not world-wide"]
    found += [] if event.one("STATUS") in STATUS[method] else [f"{uid}: STATUS"]
    found += [] if len(event.all("ATTENDEE")) == ATTENDEES[method] else [f"{uid}: ATTENDEE"]
    found += [] if re.fullmatch(r"\d{1,9}", event.one("SEQUENCE")) else [f"{uid}: SEQUENCE"]
    for name in ("DTSTAMP", "CREATED", "LAST-MODIFIED"):
        found += [] if re.fullmatch(r"\d{8}T\d{6}Z", event.one(name)) else [f"{uid}: {name} is not in UTC"]
    for name in ("ORGANIZER", "ATTENDEE"):
        found += [f"{uid}: {name}" for _, value in event.all(name) if not value.startswith("mailto:")]
    found += _time_problems(event, zones)
    return found + _alarm_problems(event, method)


def _time_problems(event: Component, zones: dict[str, Component]) -> list[str]:
    uid, times = event.one("UID"), []
    for name in ("DTSTART", "DTEND"):
        for parameters, value in event.all(name):
            if parameters.get("VALUE") == "DATE":
                times.append(dt.datetime.strptime(value, "%Y%m%d").replace(tzinfo=dt.UTC))
            elif parameters.get("TZID") not in zones:
                return [f"{uid}: no VTIMEZONE for {name}"]
            else:
                times.append(moment(value, zones[parameters["TZID"]]))
                wanted = dt.datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 (as on that clock)
                if times[-1] != wanted.replace(tzinfo=ZoneInfo(parameters["TZID"])):
                    return [f"{uid}: {name} is another moment by its VTIMEZONE"]
    return [] if len(times) < 2 or times[1] > times[0] else [f"{uid}: ends before it begins"]


def moment(local: str, zone: Component) -> dt.datetime:
    """The instant of a local time, by what the file itself says of the zone (RFC 5545, section 3.6.5)."""
    wanted = dt.datetime.strptime(local, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    holds = [part for part in zone.parts if _onset(part) <= wanted - _offset(part, "TZOFFSETTO")]
    latest = max(holds, key=_onset)
    return (wanted - _offset(latest, "TZOFFSETTO")).replace(tzinfo=dt.UTC)


def _onset(part: Component) -> dt.datetime:
    """In UTC: it is written in the time that ends then."""
    local = dt.datetime.strptime(part.one("DTSTART"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return local - _offset(part, "TZOFFSETFROM")


def _offset(part: Component, name: str) -> dt.timedelta:
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)", part.one(name))
    assert found
    size = dt.timedelta(hours=int(found[2]), minutes=int(found[3]))
    return size if found[1] == "+" else -size


def _alarm_problems(event: Component, method: str) -> list[str]:
    """RFC 5545, section 3.6.6; a cancellation has none (RFC 5546, section 3.2.5)."""
    alarms = event.named("VALARM")
    found = ["a cancellation rings"] if alarms and method == "CANCEL" else []
    for alarm in alarms:
        given = [len(alarm.all(name)) for name in ("ACTION", "TRIGGER", "DESCRIPTION")]
        found += [] if (given, alarm.one("ACTION")) == ([1, 1, 1], "DISPLAY") else ["VALARM"]
    return found


def _text_problems(component: Component) -> list[str]:
    found = []
    for name, parameters, value in component.lines:
        if name in TEXTS:
            if _RAW.search(value.replace("\\,", "").replace("\\;", "")):
                found.append(f"{name} is not escaped: {value}")
            if re.search(r"\\(?![\\,;nN])", value.replace("\\\\", "")):
                found.append(f"{name} escapes too much: {value}")
        if "LANGUAGE" in parameters and not _LANGUAGE.fullmatch(parameters["LANGUAGE"]):
            found.append(f"{name} has no language")
    return found + [problem for part in component.parts for problem in _text_problems(part)]
