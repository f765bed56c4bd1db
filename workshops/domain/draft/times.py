"""Times on two clocks and durations, as drafts write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from workshops.domain.draft.words import CLOCKS, EACH, HOME_CLOCK, PARTNER_CLOCK, flat, fold


@dataclass(frozen=True, slots=True)
class Span:
    """A time on one clock; `end` is None where only a beginning is written."""

    start: dt.time
    end: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """What a cell says on each clock; None for a clock it does not name."""

    home: Span | None = None
    partner: Span | None = None

    def __bool__(self) -> bool:
        return self.home is not None or self.partner is not None


_CLOCKTIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-4])"
    r"(?:[:.](?P<minute>[0-5]\d)(?::00)?(?!\d|[.:]\d)|(?=\s*(?:Uhr|h\b|[ap]m\b|[ap]\.m\b|noon\b)))"
    r"\s*(?:Uhr\b|h\b|noon\b)?(?:\s*(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _Found:
    time: dt.time
    start: int
    end: int


def find_times(text: str, *, first: str = "home") -> Times:
    """The times in `text`, by the clock named behind them; without names the first is the `first` clock's."""
    by_clock: dict[str, Span] = {}
    unnamed: list[Span] = []
    for span, clock in _groups(_times(text), text):
        if clock is None:
            unnamed.append(span)
        else:
            by_clock.setdefault(clock, span)
    order = ("home", "partner") if first == "home" else ("partner", "home")
    free = [clock for clock in order if clock not in by_clock]
    by_clock.update(zip(free, unnamed, strict=False))
    return Times(by_clock.get("home"), by_clock.get("partner"))


def _times(text: str) -> list[_Found]:
    return [
        _Found(dt.time(_hour(match), int(match["minute"] or 0)), match.start(), match.end())
        for match in _CLOCKTIME.finditer(text)
    ]


def _hour(match: re.Match[str]) -> int:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half == "p" and hour < 12:
        return hour + 12
    return 0 if hour == 24 or (half == "a" and hour == 12) else hour


_SHORT = r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?!\d|[.:]\d)(?:\s*(?:uhr\b|h\b|[ap]\.?m\b\.?))?"
_NAMED = rf"[\s(,]*(?:{'|'.join(sorted(CLOCKS, key=len, reverse=True))})\b\)?"
_SPAN = rf"{_SHORT}(?:\s*[-–—−]\s*{_SHORT})?(?:{_NAMED}){{0,3}}"
_LEADING = re.compile(rf"\s*(?:saat\s+)?{_SPAN}(?:\s*/\s*{_SPAN})?\s*[:|,–-]?\s+", re.ASCII)


def leading_times(text: str) -> tuple[Times, str]:
    """The times that a text begins with, and what stands behind them: "09:30 – 09:45 Uhr: Begrüßung"."""
    match = _LEADING.match(flat(text))
    return (find_times(text[: match.end()]), text[match.end() :]) if match else (Times(), text)


_BETWEEN = re.compile(r"\s*(?:-|–|—|−|bis|to|ila|ile)?\s*", re.IGNORECASE)


def _groups(found: list[_Found], text: str) -> Iterator[tuple[Span, str | None]]:
    """Pairs of times with nothing but a dash (which drafts forget) between them, each with its clock."""
    index = 0
    while index < len(found):
        first = found[index]
        pair = found[index : index + 2]
        if len(pair) < 2 or not _BETWEEN.fullmatch(text[first.end : pair[1].start]):
            pair = [first]
        index += len(pair)
        until = found[index].start if index < len(found) else len(text)
        end = pair[1].time if len(pair) > 1 else None
        yield Span(first.time, end), clock_named(text[pair[-1].end : until])


def clock_named(text: str) -> str | None:
    """ "home" or "partner", whichever `text` names first; None where it names neither."""
    words = fold(text)
    home, partner = _first(words, HOME_CLOCK), _first(words, PARTNER_CLOCK)
    if home is None and partner is None:
        return None
    return "home" if partner is None or (home is not None and home <= partner) else "partner"


def _first(words: str, names: tuple[str, ...]) -> int | None:
    return min((words.find(name) for name in names if _has(words, name)), default=None)


def _has(words: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", words) is not None


_DURATION = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d)?)\s*(?:Std\.?|Stunden?|saat|hours?|hrs?|h)\b\.?\s*(?:und|ve|and)?\s*)?"
    r"(?:(?P<minutes>\d{1,3})\s*(?:Min(?:uten?|utes?|s)?\b\.?|dk\b\.?|dakika|['’′]))?",
    re.IGNORECASE | re.ASCII,
)
_BARE_MINUTES = re.compile(r"\d{1,3}", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?", re.ASCII)


def find_minutes(text: str) -> int | None:
    """A duration in minutes: "15 Min.", "15 dk.", "1 Std. 30 Min.", "1,5 Stunden"; None where there is none."""
    for match in _DURATION.finditer(text):
        if match["hours"] or match["minutes"]:
            hours = float((match["hours"] or "0").replace(",", "."))
            return round(hours * 60) + int(match["minutes"] or 0) or None
    return None


def minutes_of_cell(text: str) -> int | None:
    """As `find_minutes`, and what only a column of durations can mean: "15", "0:15"."""
    if _BARE_MINUTES.fullmatch(text.strip()):
        return int(text) or None
    if match := _HOURS_AND_MINUTES.fullmatch(text.strip()):
        return int(match[1]) * 60 + int(match[2]) or None
    return find_minutes(text)


def length(times: Times) -> int | None:
    """The minutes between the beginning and the end of a time, on either clock."""
    for span in (times.home, times.partner):
        if span is not None and span.end is not None:
            return (_minute(span.end) - _minute(span.start)) % _DAY or None
    return None


def later(time: dt.time, minutes: int) -> dt.time:
    total = (_minute(time) + minutes) % _DAY
    return dt.time(total // 60, total % 60)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


_DAY = 24 * 60
_BRACKETED = re.compile(r"\(([^()]*)\)")


def bracketed_minutes(text: str) -> tuple[str, int | None, bool]:
    """The text without "(10 Minuten)", the minutes, and whether each of what follows lasts that long ("jeweils")."""
    for match in _BRACKETED.finditer(text):
        minutes = find_minutes(match[1])
        if minutes is not None:
            each = re.search(rf"\b{EACH}\b", fold(match[1])) is not None
            return (text[: match.start()] + text[match.end() :]).strip(), minutes, each
    return text, None, False
