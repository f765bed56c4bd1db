"""Tasks counted where they run and told where somebody asks: the figures meet in the cache."""

from __future__ import annotations

import time
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from celery import signals, states
from django.conf import settings
from django.core.cache import cache

_STATES = (states.SUCCESS, states.FAILURE, states.RETRY, states.REVOKED)
_OTHER = "other"
_started: ContextVar[float] = ContextVar("task_started")
Row = tuple[tuple[str, ...], float]


def figures() -> tuple[list[Row], list[Row]]:
    """How many ended in which state, and the seconds they took; those that were never run are left out."""
    names = [*known_tasks(), _OTHER]
    ended = {_key(name, state): (name, state.lower()) for name in names for state in _STATES}
    took = {_key(name, "milliseconds"): (name,) for name in names}
    found = cache.get_many([*ended, *took])
    return (
        [(labels, found[key]) for key, labels in ended.items() if key in found],
        [(labels, found[key] / 1000) for key, labels in took.items() if key in found],
    )


def known_tasks() -> list[str]:
    """What may stand in a label; a name that nobody foresaw does not."""
    planned = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    return sorted(planned | set(settings.CELERY_TASK_ROUTES))


def start_counting() -> None:
    signals.task_prerun.connect(_begin)
    signals.task_postrun.connect(_count)


def _begin(**_: Any) -> None:
    _started.set(time.perf_counter())


def _count(*, task: Any, state: str = "", **_: Any) -> None:
    name = task.name if task.name in known_tasks() else _OTHER
    seconds = time.perf_counter() - _started.get(time.perf_counter())
    _add(_key(name, state if state in _STATES else states.FAILURE), 1)
    _add(_key(name, "milliseconds"), round(seconds * 1000))


def _add(key: str, number: int) -> None:
    cache.add(key, 0, timeout=None)
    # Gone again where the cache was lost or came back in between: this task is not counted.
    with suppress(ValueError):
        cache.incr(key, number)


def _key(name: str, what: str) -> str:
    return f"metrics-task-{name}-{what.lower()}"
