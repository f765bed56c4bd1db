from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)
T = TypeVar("T")


def unless_database_is_away(work: Callable[[], T]) -> T | None:
    """For tasks: beat comes again in a moment; until then there is nothing to be done and no traceback to be read."""
    try:
        return work()
    except (OperationalError, InterfaceError) as error:
        log.warning("database away", reason=type(error).__name__)
        return None
