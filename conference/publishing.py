"""Hands a task to the broker. What the task is about lies in the database; beat comes for what got lost on the way."""

from __future__ import annotations

import structlog

from conference.celery import app

log = structlog.get_logger(__name__)
# What nobody fetched by then is worth nothing: beat's own has done the same.
_WORTH_SECONDS = 60


def publish(task: str) -> bool:
    """False where the broker did not take it: there is one try, which may last as long as the broker's timeouts."""
    try:
        app.send_task(task, retry=False, expires=_WORTH_SECONDS)
    except Exception as error:  # the row is committed, whatever is wrong with the broker
        log.warning("broker did not take the task", task=task, reason=type(error).__name__)
        return False
    return True
