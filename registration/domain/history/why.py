"""Why a session moved: what changed before it on its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from registration.domain.history.replay import Move


class Cause(Enum):
    OPENING = "the day begins at another time"
    DATE = "the day is another one"
    LASTS = "a session before it lasts longer, or shorter"
    ADDED = "a session was added before it"
    REMOVED = "a session before it was removed"
    NOW_BEFORE = "a session comes before it now"
    NOW_AFTER = "a session that came before it does no longer"


@dataclass(frozen=True, slots=True)
class Reason:
    """`session` is the other one; `minutes` how long it lasted and lasts."""

    cause: Cause
    session: int = 0
    minutes: tuple[int | None, int | None] = (None, None)


def reasons(move: Move) -> list[Reason]:
    """In the order of the agenda."""
    return [*_of_the_day(move), *_of_what_stays(move), *_of_what_came_and_went(move)]


def _of_the_day(move: Move) -> Iterator[Reason]:
    before, after = move.before.day, move.after.day
    if before.date != after.date:
        yield Reason(Cause.DATE)
    if before.opens != after.opens:
        yield Reason(Cause.OPENING)


def _earlier(move: Move) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return move.before.earlier[move.session], move.after.earlier[move.session]


def _of_what_stays(move: Move) -> Iterator[Reason]:
    was, is_now = _earlier(move)
    for pk in was:
        minutes = move.before.minutes[pk], move.after.minutes.get(pk)
        if pk in is_now and minutes[0] != minutes[1]:
            yield Reason(Cause.LASTS, pk, minutes)


def _of_what_came_and_went(move: Move) -> Iterator[Reason]:
    was, is_now = _earlier(move)
    for pk in is_now:
        if pk not in was:
            yield Reason(Cause.NOW_BEFORE if pk in move.before.starts else Cause.ADDED, pk)
    for pk in was:
        if pk not in is_now:
            yield Reason(Cause.NOW_AFTER if pk in move.after.starts else Cause.REMOVED, pk)
