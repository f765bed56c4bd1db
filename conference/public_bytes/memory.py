"""A process's own memory: what was not asked for longest goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Memory(Generic[V]):
    """Holds values of `most` bytes altogether (or of whatever else their sizes count)."""

    def __init__(self, *, most: int) -> None:
        self._most, self._held = most, 0
        self._values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            if (found := self._values.get(key)) is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, *, size: int) -> None:
        with self._lock:
            self._drop(key)
            if size > self._most:
                return
            self._values[key] = value, size
            self._held += size
            while self._held > self._most:
                self._drop(next(iter(self._values)))

    def drop(self, key: Hashable) -> None:
        with self._lock:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        _value, size = self._values.pop(key, (None, 0))
        self._held -= size
