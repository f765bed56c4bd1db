"""Sends what is due: claim, render and send outside any transaction, write down the result."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings

from registration.domain.outbox.batches import MOST, Batches
from registration.domain.outbox.claim import due_messages
from registration.domain.outbox.delivery import Delivery, Render
from registration.domain.outbox.journal import Journal
from registration.domain.outbox.lanes import Lane
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.pace import Pace

# A worker that is told to stop finishes its task first; nobody should wait longer than this for a batch.
BATCH_SECONDS = 5.0
# Who would wait longer for a turn leaves it to the sweep, which comes that often.
SWEEP_SECONDS = 10.0


def drain(
    *,
    render: Render,
    seconds: float = BATCH_SECONDS,
    lane: Lane | None = None,
    on_pile: Callable[[], object] | None = None,
) -> bool:
    """Sends message after message over one connection; True where more is due when the time is up.

    False where nothing can be done now: nothing is due, all is taken, the mail server is away, or the
    operator's limit leaves it to a later sweep.

    `on_pile` is called once where so much is due that another process could send a part of it; never under the
    operator's limit.
    """
    ends = time.monotonic() + seconds
    pace = Pace()
    is_limited = settings.MAIL_RATE is not None
    batches = Batches(lane, most=1 if is_limited else MOST, on_pile=None if is_limited else on_pile)
    with Mailer() as mailer, Journal() as journal:
        delivery = Delivery(mailer, pace, render, batches, journal, ends, is_limited)
        while due_messages(lane).exists():
            if time.monotonic() >= ends:
                return True
            # Before the claim: a message that waits for its turn belongs to nobody.
            if wait := pace.wait():
                if wait > SWEEP_SECONDS:
                    return False
                time.sleep(min(wait, max(0.0, ends - time.monotonic())))
            elif not delivery.run():
                return False
    return False
