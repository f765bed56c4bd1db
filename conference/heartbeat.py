"""Signs of life of worker and beat: a file each for their own health check, the cache for /health/ready."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from celery import signals
from django.conf import settings
from django.core.cache import cache

from conference.metrics.memory import tell_of_worker
from conference.metrics.tasks import start_counting
from conference.parent_death import end_with_parent

WORKER_KEY = "heartbeat-worker"
_EVERY_SECONDS = 5.0
_KEEP_SECONDS = 3600
_last: dict[str, float] = {}


def touch(name: str) -> None:
    """Marks `DATA_DIR/<name>.alive`, at most every few seconds."""
    if time.monotonic() - _last.get(name, -_EVERY_SECONDS) < _EVERY_SECONDS:
        return
    _last[name] = time.monotonic()
    if settings.HEARTBEAT_DIR:
        (Path(settings.HEARTBEAT_DIR) / f"{name}.alive").touch()
    if name == "worker":
        cache.set(WORKER_KEY, time.time(), _KEEP_SECONDS)
        if settings.METRICS_TOKEN:
            tell_of_worker()


def worker_age() -> float | None:
    """Seconds since a worker last gave a sign of life; None where none is known."""
    seen = cache.get(WORKER_KEY)
    return None if seen is None else max(0.0, time.time() - seen)


@signals.heartbeat_sent.connect  # type: ignore[untyped-decorator]
def _worker_lives(**_: Any) -> None:
    touch("worker")


@signals.beat_init.connect  # type: ignore[untyped-decorator]
def _watch_beat(**_: Any) -> None:
    signals.after_task_publish.connect(_beat_lives)
    touch("beat")


def _beat_lives(**_: Any) -> None:
    touch("beat")


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _keep_our_logging(**_: Any) -> None:
    """Being connected is enough: Celery then leaves Django's LOGGING as it is."""


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _end_with_worker(**_: Any) -> None:
    end_with_parent(os.getppid())
    if settings.METRICS_TOKEN:
        start_counting()
