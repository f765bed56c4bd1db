"""What Celery runs. No task takes an argument: nothing of a draft ever lies in the queue."""

from __future__ import annotations

from celery import shared_task

from conference.database_away import unless_database_is_away
from conference.in_turn import in_turn
from workshops.domain.uploads.read_next_upload import read_next_upload, uploads_to_read
from workshops.views.drawn_ahead import draw_programme_ahead


@shared_task  # type: ignore[untyped-decorator]
@in_turn
def read_draft_imports() -> bool | None:
    """Reads one draft; what else waits is left to the next task, so that others have their turn."""
    return unless_database_is_away(lambda: read_next_upload() and uploads_to_read().exists())


@shared_task  # type: ignore[untyped-decorator]
@in_turn
def draw_programme() -> None:
    """Who opens the printed programme after a release finds it drawn."""
    unless_database_is_away(draw_programme_ahead)
