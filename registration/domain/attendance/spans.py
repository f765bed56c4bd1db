"""How long somebody was there, from several stays that may overlap: two devices at once are one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Stay:
    """From when until when, where both are known; else how many minutes, and when it began if that is known."""

    span: Span | None = None
    minutes: int | None = None
    came: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """`minutes` within the day; None where it is only known that somebody came."""

    minutes: int | None
    came: dt.datetime | None
    left: dt.datetime | None


def presence_of(stays: Iterable[Stay], *, within: Span | None) -> Presence:
    """What lies before the day opens or after it closes does not count; what overlaps counts once.

    Stays without times are added up: nobody knows whether they overlap. `within` is None while the day has no times.
    """
    found = list(stays)
    timed = [stay.span for stay in found if stay.span is not None]
    untimed = [stay.minutes for stay in found if stay.span is None and stay.minutes is not None]
    came = min((start for start in [*(span[0] for span in timed), *_came(found)]), default=None)
    left = max((span[1] for span in timed), default=None)
    if not timed and not untimed:
        return Presence(None, came, None)
    seconds = sum((end - start).total_seconds() for start, end in _merged(_clipped(timed, within)))
    total = round(seconds / 60) + sum(untimed)
    return Presence(total if within is None else min(total, _length(within)), came, left)


def _came(stays: Iterable[Stay]) -> list[dt.datetime]:
    return [stay.came for stay in stays if stay.came is not None]


def _clipped(spans: Iterable[Span], within: Span | None) -> list[Span]:
    if within is None:
        return list(spans)
    inside = [(max(start, within[0]), min(end, within[1])) for start, end in spans]
    return [(start, end) for start, end in inside if start < end]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _length(within: Span) -> int:
    return round((within[1] - within[0]).total_seconds() / 60)
