"""How much memory our processes take (proc(5)); on systems that do not tell, nothing."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

from django.core.cache import cache

from conference.metrics.processes import web_server

_KEY, _KEEP_SECONDS = "metrics-memory-worker", 300
_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def known() -> dict[str, int]:
    """In bytes: of this web server, and of the worker that gave a sign of life last."""
    server = web_server()
    found = {"web": family_bytes(server) if server else 0, "worker": cache.get(_KEY)}
    return {name: size for name, size in found.items() if size}


def tell_of_worker() -> None:
    """Called by the worker's first process, whose children do the work."""
    cache.set(_KEY, family_bytes(os.getpid()), _KEEP_SECONDS)


def family_bytes(pid: int) -> int:
    """Of a process and all that come of it, whichever thread began them; a page that several share counts once."""
    return _bytes(pid) + sum(map(family_bytes, _children(pid)))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _bytes(pid: int) -> int:
    """None of it where the process has just ended, or is somebody else's."""
    with contextlib.suppress(OSError):
        found = _PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0
