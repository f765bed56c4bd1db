"""A connection that was lost since the last request is noticed by the first question that fails on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError

T = TypeVar("T")


def ask(database: Any, question: Callable[[], T]) -> T:
    """What `question`, which changes nothing, answers: over a new connection where the kept one turns out to be lost.

    Django asks a kept connection first whether it still works, which is a round trip more for each request.
    """
    if not _is_unchecked(database):
        return question()
    database.health_check_done = True
    try:
        return question()
    except (OperationalError, InterfaceError):
        if database.is_usable():
            raise
    database.close()
    return question()


def _is_unchecked(database: Any) -> bool:
    """Whether Django would check it now. Within a transaction there is no second try."""
    is_kept: bool = database.connection is not None and database.health_check_enabled
    return is_kept and not database.health_check_done and not database.in_atomic_block
