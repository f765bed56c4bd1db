"""How long somebody waited for others, whatever else the machine had to do meanwhile."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Waited:
    """`seconds` is what the clock says, without the time of computing and of standing in line for a processor.

    A page that waits for a server that says nothing waits as long on every machine; how long it computes, and how
    long others keep the processors, is a matter of the machine and of the moment.
    """

    seconds: float = 0.0


@contextlib.contextmanager
def waiting(*processes: int) -> Iterator[Waited]:
    """Of this thread, and of `processes` that work for it. Its figure is there when the block has ended."""
    waited = Waited()
    started, busy = time.monotonic(), _busy(processes)
    yield waited
    waited.seconds = time.monotonic() - started - (_busy(processes) - busy)


def _busy(processes: tuple[int, ...]) -> float:
    """The kernel says it of each thread: nanoseconds on a processor, and nanoseconds in line for one."""
    tasks = [Path("/proc/thread-self")]
    for process in processes:
        tasks += Path(f"/proc/{process}/task").iterdir()
    total = 0
    for task in tasks:
        with contextlib.suppress(OSError):
            computed, in_line, _times = (task / "schedstat").read_text().split()
            total += int(computed) + int(in_line)
    return total / 1e9
