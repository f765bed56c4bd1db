"""The most memory a process takes while it does something, above what it took before (proc(5))."""

from __future__ import annotations

from pathlib import Path


class Peak:
    """From here on."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts anew
        self.idle = _megabytes("VmRSS:")

    def above_idle(self) -> float:
        return max(0.0, _megabytes("VmHWM:") - self.idle)


def _megabytes(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)
