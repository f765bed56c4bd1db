"""Where the processes of one web server keep their counts for each other. Standard library only."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

# prometheus_client reads it as it is loaded.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def place_for_counts(*, data_dir: Path, memory: Path = Path("/dev/shm")) -> Path:  # noqa: S108 (ours alone, see below)  # nosec B108
    """In memory where the system has such a place: who writes to a mapped file on a full disk is killed (SIGBUS), and
    for the sake of some figures there would be no site.
    """
    own = memory / f"koprue-metrics-{os.getuid()}"
    with contextlib.suppress(OSError):
        own.mkdir(mode=0o700, exist_ok=True)
        if own.lstat().st_uid == os.getuid():
            return own
    return data_dir / "metrics"


def share_counts(directory: Path) -> Path:
    """Gives this server a directory of its own, so that another one may run beside it during an upgrade.

    Removes what servers have left behind that did not live to do it.
    """
    for left in directory.glob("*"):
        if left.name.isdigit() and not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    own = directory / str(os.getpid())
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(own)
    return own


def web_server() -> int | None:
    """The process id of the server whose counts these are; None where nothing is shared."""
    directory = os.environ.get(VARIABLE)
    return int(Path(directory).name) if directory else None
