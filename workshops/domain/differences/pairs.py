"""What was and what is, side by side."""

from __future__ import annotations

import bisect
from collections.abc import Hashable, Iterator, Sequence
from typing import Protocol, TypeVar


class _Identified(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=_Identified)


def pairs(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[T | None, T | None]]:
    """In the new order; what is gone follows the nearest one before it that is still there."""
    old, new = {item.id: item for item in before}, {item.id for item in after}
    gone: dict[int | None, list[T]] = {}
    anchor: int | None = None
    for item in before:
        if item.id in new:
            anchor = item.id
        else:
            gone.setdefault(anchor, []).append(item)
    yield from ((item, None) for item in gone.get(None, ()))
    for item in after:
        yield old.get(item.id), item
        yield from ((left, None) for left in gone.get(item.id, ()))


def out_of_order(before: Sequence[Hashable], after: Sequence[Hashable]) -> set[Hashable]:
    """The fewest that must have been moved for the one order to become the other."""
    place = {item: index for index, item in enumerate(before)}
    common = [item for item in after if item in place]
    return set(common) - set(_longest_rising([place[item] for item in common], common))


def _longest_rising(places: Sequence[int], items: Sequence[Hashable]) -> list[Hashable]:
    """A longest subsequence whose places rise (patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    previous: list[int | None] = []
    for index, place in enumerate(places):
        pile = bisect.bisect_left(ends, place)
        ends[pile : pile + 1] = [place]
        last[pile : pile + 1] = [index]
        previous.append(last[pile - 1] if pile else None)
    found: list[Hashable] = []
    at: int | None = last[-1] if last else None
    while at is not None:
        found.append(items[at])
        at = previous[at]
    return found
