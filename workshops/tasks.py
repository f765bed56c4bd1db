"""What Celery runs. The task takes no argument: nothing of a draft ever lies in the queue."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError

from workshops.domain.uploads.nudge import publish
from workshops.domain.uploads.read_next_upload import read_next_upload, uploads_to_read

log = structlog.get_logger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def read_draft_imports() -> None:
    """Reads one draft; what else waits is left to the next task, so that the mail has its turn."""
    try:
        if read_next_upload() and uploads_to_read().exists():
            publish()
    except (OperationalError, InterfaceError) as error:
        # Beat comes again in a moment; until then there is nothing to be done and no traceback to be read.
        log.warning("database away", reason=type(error).__name__)
