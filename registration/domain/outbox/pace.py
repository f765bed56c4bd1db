"""The operator's limit on mails a minute, shared by all workers through one row."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from registration.models import SendingPace

# What a late worker may catch up. The turns are that much further apart, so that no minute holds too many.
_SLACK = dt.timedelta(seconds=1)
# The clocks of two machines may differ by that much; what lies further ahead comes from a clock that jumped.
_CLOCKS_DIFFER = dt.timedelta(seconds=60)


class Pace:
    """One worker's place in the queue for turns. A turn that was not needed is kept for the next message."""

    def __init__(self) -> None:
        self._in_hand = False

    def wait(self) -> float:
        """Seconds until the next message may leave; 0 where it may now. Waiting is the caller's."""
        if not self._in_hand:
            wait = take_turn()
            self._in_hand = wait == 0
            return wait
        return 0.0

    def used(self) -> None:
        self._in_hand = False


def take_turn(*, now: dt.datetime | None = None) -> float:
    """0 where the next turn is due and now ours; otherwise the seconds until it is, and nobody has it yet.

    At most MAIL_RATE turns are given in any minute, however many workers ask. One conditional statement
    decides, so that nobody waits for a lock: who comes second finds the row changed and looks again.
    """
    if settings.MAIL_RATE is None:
        return 0.0
    apart = (dt.timedelta(minutes=1) + _SLACK) / settings.MAIL_RATE
    now = now or timezone.now()
    while True:
        due = _next_turn(now)
        if now < due <= now + apart + _CLOCKS_DIFFER:
            return (due - now).total_seconds()
        after = (max(due, now - _SLACK) if due <= now else now) + apart
        if SendingPace.objects.filter(pk=1, next_at=due).update(next_at=after):
            return 0.0


def _next_turn(now: dt.datetime) -> dt.datetime:
    row, _created = SendingPace.objects.get_or_create(pk=1, defaults={"next_at": now})
    return row.next_at
