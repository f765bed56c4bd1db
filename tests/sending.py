"""Mail leaves the way a worker sends it, however long a busy machine takes for that."""

from __future__ import annotations

from registration.domain.outbox.deliver import drain
from registration.mails.render import render


def send_what_is_due() -> bool:
    """True where something due is left after a minute."""
    return drain(render=lambda message: render(message=message), seconds=60)
