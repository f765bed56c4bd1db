"""Dates as drafts write them: "15.-18. JUNI 2020", "3./10. Juni", "15 Aralık 2026 Salı", "December 15, 2026"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from workshops.domain.draft.words import MONTH_OF, WEEKDAY, flat, fold

_MONTH = r"(?P<month>[^\W\d_]{3,9})\.?"
_YEAR = r"(?:,?\s*(?P<year>20\d\d))?"
_SEPARATOR = r"\s*(?:/|,|-|–|—|−|&|bis|und|ve|and|to|ila)\s*"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<days>\d\d)(?!\d)",
        rf"{_MONTH}\s+(?P<days>\d{{1,2}}(?:{_SEPARATOR}\d{{1,2}})*)(?![\d:.]\d|\d)(?:\s*,\s*|\s+)?(?P<year>20\d\d)?",
        r"(?<!\d)(?P<days>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>20\d\d|\d\d)(?!\d)",
        r"(?<!\d)(?P<days>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>)(?!\d)",
        rf"(?<![\d:.])(?P<days>\d{{1,2}}\.?(?:{_SEPARATOR}\d{{1,2}}\.?)*)\s*{_MONTH}{_YEAR}(?!\d)",
    )
)
_RANGE = re.compile(r"\d\.?\s*(?:-|–|—|−|bis|to|ila)\s*\d", re.IGNORECASE)
_BETWEEN_DATES = re.compile(rf"[\s,]*(?:{WEEKDAY}\b[.,]?)?{_SEPARATOR}(?:{WEEKDAY}\b[.,]?\s*)?")
_DASH = re.compile(r"[-–—−]|\b(?:bis|to|ila)\b")


@dataclass(frozen=True, slots=True)
class Dates:
    """The days a text names; `is_range` where it names the first and the last only."""

    dates: tuple[dt.date, ...]
    is_range: bool
    span: tuple[int, int]


def find_dates(text: str, *, year: int | None) -> Dates | None:
    """The first dates in `text`; `year` is taken where it names none. None where there are none, or no such day."""
    words = flat(text)
    matches = sorted(
        (match for pattern in _PATTERNS for match in pattern.finditer(words)), key=lambda match: match.start()
    )
    # "30 June - 2 July 2020": the year stands behind the last.
    year = next((_year(match["year"]) for match in matches if match["year"]), year)
    found: Dates | None = None
    for match in matches:
        if found is not None and match.start() < found.span[1]:
            continue
        dates = _dates_of(match, year)
        if found is None:
            found = dates
        elif dates is not None and (joined := _joined(found, dates, words)):
            found = joined
        else:
            break
    return found


def _joined(first: Dates, second: Dates, words: str) -> Dates | None:
    between = words[first.span[1] : second.span[0]]
    if first.is_range or second.is_range or not _BETWEEN_DATES.fullmatch(between):
        return None
    is_range = len(first.dates) == len(second.dates) == 1 and bool(_DASH.search(between))
    return Dates(first.dates + second.dates, is_range, (first.span[0], second.span[1]))


def _dates_of(match: re.Match[str], year: int | None) -> Dates | None:
    named = match["month"]
    month = int(named) if named.isdigit() else MONTH_OF.get(named.rstrip("."))
    written = _year(match["year"]) if match["year"] else year
    if month is None or written is None:
        return None
    try:
        dates = tuple(dt.date(written, month, int(day)) for day in re.findall(r"\d+", match["days"]))
    except ValueError:
        return None
    return Dates(dates, len(dates) == 2 and bool(_RANGE.search(match["days"])), match.span())


def _year(written: str) -> int:
    return int(written) + 2000 if len(written) == 2 else int(written)


def all_days(found: Dates) -> tuple[dt.date, ...]:
    """Each day of a range that names its first and last; a longer one than a month is none of a workshop's."""
    if not found.is_range or not 0 <= (found.dates[1] - found.dates[0]).days <= 31:
        return found.dates
    first, last = found.dates
    return tuple(first + dt.timedelta(days=number) for number in range((last - first).days + 1))


def is_only_a_date(text: str, *, year: int | None) -> bool:
    """Whether a line is nothing but one date, with its weekday or without: the heading of a day."""
    found = find_dates(text, year=year)
    return found is not None and len(found.dates) == 1 and is_only_dates(text, found)


def is_only_dates(text: str, found: Dates) -> bool:
    return re.sub(rf"\b{WEEKDAY}\b|[\s,.:()–-]", "", flat(without(text, found))) == ""


def without(text: str, found: Dates | None) -> str:
    return text if found is None else text[: found.span[0]] + " " + text[found.span[1] :]


def first_year(text: str) -> int | None:
    match = re.search(r"\b(20\d\d)\b", fold(text), re.ASCII)
    return int(match[1]) if match else None
