"""Moments as platforms write them, without saying whose clock it is and which number is the month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from workshops.names import fold

# English, German, Turkish; the first three letters tell them apart.
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan oca",
            "feb sub",
            "mar mrz mae",
            "apr nis",
            "may mai",
            "jun haz",
            "jul tem",
            "aug agu",
            "sep eyl",
            "oct okt eki",
            "nov kas",
            "dec dez ara",
        ],
        1,
    )
    for name in names.split()
}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap]\.?m\.?|oo|os)?$")
_NUMBERS = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})$")
_NEAR = dt.timedelta(days=1)


def moment_in(text: str, *, zone: str, near: dt.date) -> dt.datetime | None:
    """The moment, aware; of several readings (“06/07”) the one at most a day from `near`. None for anything else."""
    clean = " ".join(text.split())
    if (iso := _iso(clean, zone)) is not None:
        return iso if _is_near(iso.date(), near) else None
    found = _CLOCK.search(fold(clean))
    if found is None:
        return None
    clock = _clock(found)
    date = next((date for date in _dates(fold(clean)[: found.start()]) if _is_near(date, near)), None)
    return dt.datetime.combine(date, clock, tzinfo=ZoneInfo(zone)) if date and clock else None


def _iso(text: str, zone: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _is_near(date: dt.date, near: dt.date) -> bool:
    return abs(date - near) <= _NEAR


def _clock(found: re.Match[str]) -> dt.time | None:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").replace(".", "")
    if half and hour <= 12:
        # "ÖÖ" and "ÖS" are Turkish for before and after noon.
        hour = hour % 12 + (12 if half in {"pm", "os"} else 0)
    try:
        return dt.time(hour, minute, second)
    except ValueError:
        return None


def _dates(text: str) -> Iterator[dt.date]:
    text = text.strip(" ,t")
    if numbers := _NUMBERS.match(text):
        yield from _of_numbers(int(numbers[1]), int(numbers[2]), int(numbers[3]))
        return
    months = [_MONTHS[word[:3]] for word in re.findall(r"[a-z]{3,}", text) if word[:3] in _MONTHS]
    days = [int(number) for number in re.findall(r"\b\d{1,2}\b", text)]
    years = [int(number) for number in re.findall(r"\b\d{4}\b", text)]
    if months and days and years:
        yield from _date(years[0], months[0], days[0])


def _of_numbers(first: int, second: int, third: int) -> Iterator[dt.date]:
    if first > 31:
        yield from _date(first, second, third)
        return
    year = third if third > 99 else 2000 + third
    yield from _date(year, second, first)
    yield from _date(year, first, second)


def _date(year: int, month: int, day: int) -> Iterator[dt.date]:
    try:
        yield dt.date(year, month, day)
    except ValueError:
        return
