"""Processes of the benchmark: started, waited for, ended, and how much processor time and memory they took."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from conference.parent_death import end_with_parent

ROOT = Path(__file__).resolve().parent.parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
Process = subprocess.Popen[bytes]


class BenchError(Exception):
    """Why the benchmark cannot go on, in one line."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, patience: float = 15
) -> Iterator[Process]:
    """A process in a group of its own, so that Ctrl-C reaches the benchmark only; the group ends with the block."""
    parent = os.getpid()
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            list(command),
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=lambda: end_with_parent(parent),  # noqa: PLW1509 (there is one thread)
        )
    try:
        yield process
    finally:
        _end(process, patience)


def _end(process: Process, patience: float) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(
    process: Process, ready: Callable[[], bool], *, what: str, log: Path, seconds: float = 60
) -> None:
    """Raises BenchError where the process ends first, or does not get ready."""
    ends = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise BenchError(f"{what} ended: {last_line(log)}")
        if time.monotonic() > ends:
            raise BenchError(f"{what} did not get ready: {last_line(log)}")
        time.sleep(0.05)


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"it wrote nothing to {log.name}"


def children_of(pid: int) -> list[int]:
    """Of a process that may have ended meanwhile."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [
            int(child)
            for path in Path(f"/proc/{pid}/task").glob("*/children")
            for child in path.read_text().split()
        ]
    return []


def processor_time(pid: int) -> float:
    """Seconds that a process and its children took, also those that have ended and were waited for (proc(5))."""
    try:
        used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = sum(int(used[place]) for place in (11, 12, 13, 14)) / _TICKS
    return own + sum(processor_time(child) for child in children_of(pid))


def memory(pid: int) -> float:
    """Megabytes of a process, what it shares counted in part (PSS, proc(5))."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise BenchError("this machine does not say how much memory a process takes (smaps_rollup)")


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
