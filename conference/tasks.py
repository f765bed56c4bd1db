from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    """Each opened personal link leaves a session: without this the table only grows."""
    call_command("clearsessions")
