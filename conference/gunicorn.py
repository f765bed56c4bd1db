"""Gunicorn's settings, everywhere: `gunicorn -c python:conference.gunicorn conference.wsgi`."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from conference.logs import configure
from conference.metrics.processes import place_for_counts, share_counts
from conference.parent_death import end_with_parent

_demo = os.environ.get("DJANGO_SETTINGS_MODULE", "conference.settings.demo").endswith(".demo")

bind = os.environ.get("WEB_BIND") or f"0.0.0.0:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Threads, so that one slow reader does not hold a process.
worker_class = "conference.web_worker.GracefulWorker"
threads = 4
preload_app = True
timeout = 60
# What is being answered is answered to the end; less than the 8 s of `make run`, and the 30 s of a container.
graceful_timeout = 6 if _demo else 20
keepalive = 5
# Access logs would hold personal links; the application logs its requests without.
accesslog = None
control_socket_disable = True
# No header of a request moves the site to another path or scheme; which proxy is believed, Django's settings say.
forwarded_allow_ips = ""
logconfig_dict: dict[str, Any] = configure(readable=_demo)
logconfig_dict["loggers"] |= {
    "gunicorn.error": {"handlers": [], "level": "WARNING" if _demo else "INFO", "propagate": True},
    "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
}
# Before anything loads the library that reads where to count.
_counts = (
    share_counts(place_for_counts(data_dir=Path(os.environ.get("DATA_DIR") or gettempdir())))
    if os.environ.get("METRICS_TOKEN", "").strip()
    else None
)


def when_ready(server: Any) -> None:
    """What is loaded by now lies in memory once for all workers: no garbage collection of theirs touches it.

    How long garbage may wait depends on how much the last collection found alive: hence one that finds next to nothing.
    """
    gc.collect()
    gc.freeze()
    gc.collect()
    # Pages leave thousands of objects behind that refer to each other. The usual 10 as the last number lets them pile
    # up to megabytes, in every worker; looking after them more often takes less than a hundredth of its time.
    gc.set_threshold(700, 10, 2)


def on_exit(server: Any) -> None:
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)


def post_fork(server: Any, worker: Any) -> None:
    """A killed master would otherwise leave workers behind that hold the port."""
    end_with_parent(server.pid)
