"""Gunicorn's settings, everywhere: `gunicorn -c python:conference.gunicorn conference.wsgi`."""

from __future__ import annotations

import os
from typing import Any

from conference.logs import configure
from conference.parent_death import end_with_parent

_demo = os.environ.get("DJANGO_SETTINGS_MODULE", "conference.settings.demo").endswith(".demo")

bind = os.environ.get("WEB_BIND") or f"0.0.0.0:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Threads, so that one slow reader does not hold a process.
worker_class = "gthread"
threads = 4
preload_app = True
timeout = 60
graceful_timeout = 6
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


def post_fork(server: Any, worker: Any) -> None:
    """A killed master would otherwise leave workers behind that hold the port."""
    end_with_parent(server.pid)
