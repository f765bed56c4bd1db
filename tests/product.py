"""The whole product, started the way `make run` starts it, for tests that walk through it and for the screenshots."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "BASE_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "ALLOWED_HOSTS",
    "DEBUG",
)


@dataclass(frozen=True)
class Product:
    url: str
    email: str
    password: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Runs manage.py on the same data and returns what it prints."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        ).stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_product(directory: Path, **environment: str) -> Iterator[Product]:
    """Serves the demo from `directory` until the block ends; nothing of the caller's own settings leaks in."""
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    env = {**inherited, "DATA_DIR": str(directory), "PORT": str(port), **environment}
    log = directory.parent / f"{directory.name}.start.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "conference.start"],
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        said = _wait_until_ready(process, log)
        email, password = re.search(r"e-mail: (\S+)\s+password: (\S+)", said).groups()  # type: ignore[union-attr]
        yield Product(f"http://127.0.0.1:{port}", email, password, env)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, seconds: float = 300) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        said = log.read_text()
        if "Ready:" in said and "password:" in said:
            return said
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the product did not start:\n{log.read_text()}")
