"""What a worker has claimed ahead: few messages, for a moment."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from registration.domain.outbox.claim import claim_some, give_back
from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.memory import Memory
from registration.domain.outbox.shared import shared_by
from registration.models import Message

# The most at once; sizes are powers of two up to it.
MOST = 128
# What was claimed is begun within this time or given back: it was read at the claim, and nothing urgent that was
# written since waits any longer.
FRESH_SECONDS = 1.0
# A batch that took longer than this is followed by one half as large, any other by one twice as large.
_AIM_SECONDS = 0.25
# What one process sends within this time needs no other.
_ALONE_SECONDS = 0.25


@dataclass(slots=True)
class Batches:
    """Grows where mail leaves quickly; with a slow mail server each message is claimed by itself.

    `on_pile` is called once, when after a moment's work there is still something to claim.
    """

    lane: Lane | None
    most: int = MOST
    on_pile: Callable[[], object] | None = None
    size: int = 1
    memory: Memory = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)
    _messages: deque[Message] = field(default_factory=deque)
    _claim: UUID | None = None
    _since: float = 0.0

    def ahead(self) -> Message | None:
        """The next one that is claimed and not begun; None where another batch has to be claimed."""
        return self._messages[0] if self._messages and self._is_fresh else None

    def take(self) -> None:
        """The next one is begun."""
        self._messages.popleft()

    def claim(self) -> Message | None:
        """Claims a batch, of which the first one is begun; None where nothing is due, or all is taken."""
        self.give_back()
        self._resize()
        found = claim_some(most=self.size, lane=self.lane)
        self._since = time.monotonic()
        if found and self.on_pile is not None and self._since - self._began >= _ALONE_SECONDS:
            self.on_pile()
            self.on_pile = None
        self.memory = shared_by(found)
        self._messages = deque(found[1:])
        self._claim = found[0].claim if found else None
        return found[0] if found else None

    def give_back(self) -> None:
        if self._messages and self._claim:
            self._messages.clear()
            give_back(claim=self._claim)

    @property
    def _is_fresh(self) -> bool:
        return time.monotonic() - self._since < FRESH_SECONDS

    def _resize(self) -> None:
        if self._claim is not None:
            was_quick = time.monotonic() - self._since <= _AIM_SECONDS
            self.size = min(self.most, self.size * 2) if was_quick else max(1, self.size // 2)
