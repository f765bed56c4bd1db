from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
# Within the lease, and long enough for a database that is restarted.
RECORD_SECONDS = 45.0


def patiently(record: Callable[[], T]) -> T:
    """Repeats while the database is away: an accepted mail whose row does not say so would be sent again."""
    ends = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            return record()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() >= ends:
                raise
            connection.close()
            time.sleep(0.5)
