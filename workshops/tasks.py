"""What Celery runs. No task takes an argument: nothing of a draft ever lies in the queue."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.db import InterfaceError, OperationalError

from workshops.domain.uploads.nudge import publish
from workshops.domain.uploads.read_next_upload import read_next_upload, uploads_to_read
from workshops.views.drawn_ahead import draw_programme_ahead

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


@shared_task  # type: ignore[untyped-decorator]
def draw_programme() -> None:
    """Who opens the printed programme after a release finds it drawn."""
    try:
        draw_programme_ahead()
    except (OperationalError, InterfaceError) as error:
        log.warning("database away", reason=type(error).__name__)
