"""The load generator: wrk, so cheap that what it is measured beside hardly notices; the same for floor and subject."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .processes import BenchError

CONNECTIONS = 16
HOST = "conference.example"
# As through the proxy that ends TLS.
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.18.0.1"}
_SUMMARY = Path(__file__).with_name("summary.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """What one run came to; latencies in seconds by percentile."""

    requests: int
    seconds: float
    errors: int
    latencies: dict[int, float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def require_wrk() -> str:
    if (found := shutil.which("wrk")) is None:
        raise BenchError("wrk is missing, which makes the load. On Debian: apt-get install wrk")
    return found


class NothingAnsweredError(BenchError):
    def __init__(self) -> None:
        super().__init__("the server answered none of wrk's requests")


def wrk(  # noqa: PLR0913 (what a run consists of)
    url: str,
    *,
    seconds: float,
    connections: int = CONNECTIONS,
    script: Path | None = None,
    arguments: Sequence[str] = (),
    headers: Mapping[str, str] = HEADERS,
) -> Load:
    """Raises NothingAnsweredError."""
    command = [require_wrk(), "-t2", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout=30s"]
    command += ["-s", str(script or _SUMMARY)]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    result = subprocess.run(  # noqa: S603
        [*command, url, *(["--", *arguments] if arguments else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in result.stdout.splitlines() if line.startswith('{"wrk"')]
    if result.returncode or not lines:
        raise BenchError(f"wrk failed: {(result.stderr or result.stdout).strip()[-300:]}")
    return _load(json.loads(lines[-1])["wrk"])


def _load(summary: dict[str, float]) -> Load:
    if not summary["requests"]:
        raise NothingAnsweredError
    return Load(
        requests=int(summary["requests"]),
        seconds=summary["duration"] / 1e6,
        errors=int(summary["errors"]),
        latencies={50: summary["p50"] / 1e6, 99: summary["p99"] / 1e6},
    )
