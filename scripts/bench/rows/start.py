"""`make run` in a fresh copy of this checkout, its packages downloaded before; and once more. Not in the short form."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ..bench import Bench
from ..figures import Check, Row
from ..processes import ROOT, BenchError, Process, free_port, last_line, running

_FIRST_SECONDS, _SECOND_SECONDS = 30, 5
_KEPT = (
    "PATH", "HOME", "LANG", "TMPDIR", "PIP_CONFIG_FILE", "PIP_INDEX_URL", "UV_CACHE_DIR", "UV_INDEX_URL",
    "XDG_CACHE_HOME",     "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE",
)  # fmt: skip


def measure(bench: Bench) -> list[Row]:
    if bench.short:
        return []
    copy = bench.scratch("checkout")
    _copy_checkout(copy)
    _install(copy)
    shutil.rmtree(copy / ".venv")
    first, second = _seconds_until_ready(copy), _seconds_until_ready(copy)
    checks = [
        Check("ready", first, _FIRST_SECONDS, "s", wide=None),
        Check("second start", second, _SECOND_SECONDS, "s", wide=None),
    ]
    what = "`make run` on a fresh machine, packages already downloaded"
    return [Row("start", what, checks, {"seconds": [first, second]})]


def _copy_checkout(target: Path) -> None:
    """What git knows, or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise BenchError("the first start is measured in a copy of what git knows, and this is not a clone")
    for name in filter(None, result.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def _environment(copy: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PORT": str(free_port()), "DATA_DIR": str(copy / "var")}


def _install(copy: Path) -> None:
    """Once before, for the download; that is not measured."""
    command = [_python(), "scripts/install.py", "requirements-demo.txt"]
    result = subprocess.run(  # noqa: S603
        command, cwd=copy, env=_environment(copy), capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BenchError(
            f"the packages cannot be installed: {(result.stderr or result.stdout).strip()[-200:]}"
        )


def _python() -> str:
    """Not the one of our own virtual environment."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _seconds_until_ready(copy: Path) -> float:
    log = copy.parent / f"make-run-{free_port()}.log"
    started = time.monotonic()
    with _make_run(copy, log) as process:
        while "Ready:" not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() - started > 600:
                raise BenchError(f"make run did not get ready: {last_line(log)}")
            time.sleep(0.05)
        return time.monotonic() - started


@contextlib.contextmanager
def _make_run(copy: Path, log: Path) -> Iterator[Process]:
    command = ["make", "-C", str(copy), "run", f"PYTHON={_python()}"]
    with running(command, environment=_environment(copy), log=log, patience=30) as process:
        yield process
