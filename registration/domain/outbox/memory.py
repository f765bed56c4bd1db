"""What is the same for a whole batch of mails is read once for it, not once for each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar, cast

T = TypeVar("T")
Memory = dict[Hashable, Any]
_memory: ContextVar[Memory | None] = ContextVar("outbox_memory", default=None)


@contextlib.contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """What was read under this key since the batch began; outside a batch nothing is kept."""
    memory = _memory.get()
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return cast("T", memory[key])
