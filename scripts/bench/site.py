"""Web servers: the product's as in production, and the floor's, both under the very same gunicorn settings."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .load import HEADERS, HOST
from .processes import (
    ROOT,
    BenchError,
    Process,
    children_of,
    free_port,
    processor_time,
    running,
    wait_for,
)

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "WEB_WORKER_CLASS", "WEB_THREADS")
# Not secret, and the same each time: what is signed in one run opens nothing anywhere else.
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "conference.settings.production",
    "SECRET_KEY": "only-for-the-benchmark-and-long-enough-for-the-check-0123456789-abcdefghij",
    "FIELD_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMDE=",
    "ALLOWED_HOSTS": HOST,
    "BASE_URL": f"https://{HOST}",
    "PROXY_SSL_HEADER": "X-Forwarded-Proto",
    "TRUSTED_PROXIES": "1",
    # Only with it requests are counted, as an operator would have it.
    "METRICS_TOKEN": "only-for-the-benchmark-0123456789abcdefghij",
}
_GUNICORN = [sys.executable, "-m", "gunicorn"]
_OUR_SETTINGS = ["-c", "python:conference.gunicorn"]
# As docker-compose.yml calls it; the niceness gives a process the share of a processor that it has there.
_CELERY = ["nice", "-n", "5", sys.executable, "-m", "celery", "--quiet", "-A", "conference", "worker"]
_CELERY_OPTIONS = ["--concurrency=2", "--without-gossip", "--without-mingle"]


def plain_environment(directory: Path) -> dict[str, str]:
    """Nothing of the caller's own settings leaks in."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "1", "DATA_DIR": str(directory)}


def production_environment(
    directory: Path, *, database_url: str, redis_url: str, email_url: str
) -> dict[str, str]:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "EMAIL_URL": email_url}
    return {**plain_environment(directory), **_PRODUCTION, **given}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Web:
    """A gunicorn that answers. `beside`: processor time of the servers it works with, by name."""

    port: int
    process: Process
    environment: dict[str, str]
    beside: Callable[[], dict[str, float]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pids(self) -> list[int]:
        """Of the processes that answer requests."""
        return children_of(self.process.pid)

    def used(self) -> dict[str, float]:
        """Seconds of processor time so far: "web", and of those it works with "database" and "cache"."""
        return {"web": processor_time(self.process.pid), **self.beside()}

    def used_since(self, before: Mapping[str, float], things: int) -> dict[str, float]:
        """Seconds of processor time that one thing has taken, by server."""
        return {name: (seconds - before[name]) / things for name, seconds in self.used().items()}

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET") -> Answer:
        """Over a connection of its own, so that any of the processes may answer."""
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(talk):
            talk.request(method, path, headers={**HEADERS, "Connection": "close", **(headers or {})})
            response = talk.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())

    def answers(self, path: str) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get(path).status < 500
        return False


@dataclass(frozen=True, slots=True)
class Site(Web):
    """The product."""

    directory: Path

    @property
    def database_url(self) -> str:
        return self.environment["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        return self.environment["REDIS_URL"]

    def python(self, module: str, *arguments: object, **environment: str) -> Any:
        return run_inside(module, *arguments, environment={**self.environment, **environment})

    @contextlib.contextmanager
    def worker(self, *options: str, **environment: str) -> Iterator[Process]:
        """A Celery worker on this site's data; without options the one of `make run`."""
        log = self.directory / f"worker-{free_port()}.log"
        command = [*_CELERY, *(options or _CELERY_OPTIONS)]
        with running(command, environment={**self.environment, **environment}, log=log) as process:
            yield process


def run_inside(module: str, *arguments: object, environment: Mapping[str, str]) -> Any:
    """Runs a module on a site's data; what it prints last is JSON. Raises BenchError with its last line."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = result.stdout.strip().splitlines()
    if result.returncode or not lines:
        raise BenchError(
            f"{module} failed: {(result.stderr.strip().splitlines() or ['no reason given'])[-1]}"
        )
    return json.loads(lines[-1])


@contextlib.contextmanager
def web_process(  # noqa: PLR0913 (what a server is started with)
    application: str,
    directory: Path,
    *,
    environment: Mapping[str, str],
    processes: int,
    ready: str,
    as_shipped: bool = False,
) -> Iterator[tuple[int, Process, dict[str, str]]]:
    """`as_shipped`: with gunicorn's own settings instead of ours, as who knows nothing of it would start it."""
    port, log = free_port(), directory / "web.log"
    own = {**environment, "WEB_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": str(processes)}
    shipped = ["--bind", own["WEB_BIND"], "--workers", str(processes)]
    command = [*_GUNICORN, *(shipped if as_shipped else _OUR_SETTINGS), application]
    with running(command, environment=own, log=log) as process:
        probe = Web(port, process, own, dict)
        wait_for(process, lambda: probe.answers(ready), what=f"gunicorn ({application})", log=log)
        yield port, process, own
