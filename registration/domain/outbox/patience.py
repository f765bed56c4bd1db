from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
# Within the lease, and long enough for a database that is restarted.
RECORD_SECONDS = 45.0


def patiently(record: Callable[[], T], *, after_break: Callable[[], None]) -> T:
    """Repeats while the database is away: an accepted mail whose row does not say so would be sent again.

    `after_break` comes first when the database is back.
    """
    ends = time.monotonic() + RECORD_SECONDS
    has_broken = False
    while True:
        try:
            if has_broken:
                after_break()
            return record()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() >= ends:
                raise
            has_broken = True
            connection.close()
            time.sleep(0.5)
