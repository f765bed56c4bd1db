"""What a worker has claimed ahead: few messages, for a moment."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

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
    # Of what was claimed last, the one that was begun at once.
    first: Message | None = None
    _began: float = field(default_factory=time.monotonic)
    _messages: deque[Message] = field(default_factory=deque)
    _since: float = 0.0

    def ahead(self) -> int:
        """How many are claimed and not begun; none where another batch has to be claimed."""
        return len(self._messages) if self.is_fresh else 0

    def take(self, *, most: int) -> list[Message]:
        """The next ones, which are begun now."""
        return [self._messages.popleft() for _number in range(min(most, self.ahead()))]

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
        self.first = found[0] if found else None
        return self.first

    def give_back(self) -> None:
        if self._messages and self.first and self.first.claim:
            self._messages.clear()
            give_back(claim=self.first.claim)

    @property
    def is_fresh(self) -> bool:
        """Whether what was read at the claim may still be written into a mail."""
        return time.monotonic() - self._since < FRESH_SECONDS

    def _resize(self) -> None:
        if self.first is not None:
            was_quick = time.monotonic() - self._since <= _AIM_SECONDS
            self.size = min(self.most, self.size * 2) if was_quick else max(1, self.size // 2)
