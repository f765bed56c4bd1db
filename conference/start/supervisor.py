"""Keeps the demo's processes running; when it ends, however it ends, they end. Standard library only."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from conference.parent_death import end_with_parent
from conference.start.services import Service

_POLL_SECONDS = 0.1
_GRACE_SECONDS = 8.0
_LONGEST_PAUSE_SECONDS = 30.0
_HEALTHY_SECONDS = 60.0
_LARGEST_LOG_BYTES = 10_000_000


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def start_process(
    command: list[str], *, environment: dict[str, str], output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """From the main thread only: to the kernel, the parent dies with the thread that forked."""
    supervisor = os.getpid()
    return subprocess.Popen(  # noqa: S603
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        process_group=0,  # Ctrl-C reaches the supervisor only, which then ends the others in order
        preexec_fn=lambda: end_with_parent(supervisor),  # noqa: PLW1509 (there is one thread)
    )


class Child:
    """One running service, or one that waits for its next start."""

    def __init__(self, service: Service, environment: dict[str, str], log: Path) -> None:
        self.service = service
        self.environment = {**environment, **service.environment}
        self.log = log
        self.failures = 0
        self.start_at = 0.0
        self.started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = start_process(self.service.command, environment=self.environment, output=log)
        self.started_at = time.monotonic()

    def tend(self) -> None:
        """Starts the service again if it has ended, after a pause that grows with each failure in a row."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._plan_restart(code)

    def _plan_restart(self, code: int) -> None:
        self.kill_group()
        self.process = None
        lasted = time.monotonic() - self.started_at
        self.failures = 1 if lasted > _HEALTHY_SECONDS else self.failures + 1
        pause = min(_LONGEST_PAUSE_SECONDS, 2.0 ** (self.failures - 1))
        self.start_at = time.monotonic() + pause
        what = f"{self.service.name} ended ({_ending(code)})"
        say(f"{what}; starting it again in {pause:.0f} s. Log: {self.log}")

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill_group(self) -> None:
        """Also what the service itself has started; its group outlives it."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    def __init__(self, *, environment: dict[str, str], log_directory: Path) -> None:
        self.environment = environment
        self.log_directory = log_directory
        self.children: list[Child] = []
        self.stopping = False
        self._asked = 0

    def listen_for_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        self._asked += 1

    def add(self, service: Service | None) -> None:
        if service is None or self.stopping:
            return
        log = self.log_directory / f"{service.name}.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        child = Child(service, self.environment, log)
        child.start()
        self.children.append(child)

    def run_until(self, done: Callable[[], bool], *, every: float = _POLL_SECONDS) -> bool:
        """Tends the children until `done()`; False when asked to stop first."""
        while not self.stopping:
            if done():
                return True
            for child in self.children:
                child.tend()
            time.sleep(every)
        return False

    def end_all(self) -> None:
        """In order, with time to finish; a second Ctrl-C takes the time away."""
        for last in (False, True):
            group = [child for child in self.children if child.service.last is last]
            for child in group:
                child.ask_to_end()
            patience = time.monotonic() + _GRACE_SECONDS
            while (
                not all(child.ended() for child in group) and time.monotonic() < patience and self._asked < 2
            ):
                time.sleep(_POLL_SECONDS)
            for child in group:
                child.kill_group()
        for child in self.children:
            if child.process:
                child.process.wait()


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
