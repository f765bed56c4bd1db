"""Drawings made by a process beside a web worker, which takes its libraries and fonts with it when it ends.

The worker keeps none of that, and its other threads go on answering meanwhile. The process stays for a while, for who
comes next: to begin takes a hundred times as long as to draw a certificate. It loads no Django, knows no secret and
no database.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, cast

from workshops.domain.printing import Kind, PdfUnavailableError, draw_here

_ROOT = Path(__file__).parents[2]
# Of what a process inherits: where libraries and fonts are found, and where it may write.
_HANDED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "FONTCONFIG_FILE",
)
# A programme of a hundred sessions takes some seconds; what takes longer than a web worker may is given up.
_SECONDS = 50.0
_IDLE_SECONDS = 20.0
# Then it begins anew, so that nothing it keeps grows for ever.
_MOST_DRAWINGS = 200
_DRAWN, _UNAVAILABLE = "drawn", "unavailable"


class DrawingError(RuntimeError):
    """It was not drawn; the reason is the name of what was raised, never a part of the document."""


class DrawingProcess:
    """Draws one drawing at a time, each for `seconds` at most.

    The process begins with the first drawing and ends by itself: `idle` seconds after the last one, or with this one.
    """

    def __init__(self, *, seconds: float = _SECONDS, idle: float = _IDLE_SECONDS) -> None:
        self._seconds = seconds
        self._idle = idle
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, kind: Kind, html: str, pictures: Mapping[str, bytes]) -> bytes:
        """Raises PdfUnavailableError and DrawingError."""
        packed = {name: base64.b64encode(data).decode() for name, data in pictures.items()}
        question = json.dumps({"kind": kind, "html": html, "pictures": packed}).encode() + b"\n"
        with self._turn:
            answered = self._ask(question) if self._process else None
            # One that had been idle may have ended just now.
            status, drawing = answered or self._ask(question) or ("ended", b"")
        if status == _UNAVAILABLE:
            raise PdfUnavailableError
        if status != _DRAWN:
            raise DrawingError(status)
        return drawing

    def _ask(self, question: bytes) -> tuple[str, bytes] | None:
        """The status and what was drawn; None where the process has ended instead."""
        process = self._process = self._process or self._begun()
        too_late = threading.Timer(self._seconds, process.kill)
        too_late.start()
        try:
            answer = _exchange(process, question)
        except OSError:
            answer = None
        finally:
            was_in_time = too_late.is_alive()
            too_late.cancel()
        if answer is None:
            self.end()
        return answer if was_in_time else ("too slow", b"")

    def _begun(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (a module of ours)
            [sys.executable, "-m", __name__, str(self._idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What libraries write there may quote the document.
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
        )

    def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _exchange(process: subprocess.Popen[bytes], question: bytes) -> tuple[str, bytes] | None:
    questions, answers = cast("tuple[IO[bytes], IO[bytes]]", (process.stdin, process.stdout))
    questions.write(question)
    questions.flush()
    if not (head := answers.readline()):
        return None
    status, length = json.loads(head)
    drawing = answers.read(length)
    return (status, drawing) if len(drawing) == length else None


# The other side


def answer(questions: IO[bytes], answers: IO[bytes], *, idle: float) -> None:
    """Until nobody asks any more. One question comes at a time, so nothing of the next is ever read ahead."""
    for _drawing in range(_MOST_DRAWINGS):
        if not select.select([questions], [], [], idle)[0] or not (question := questions.readline()):
            return
        status, drawing = _drawn(json.loads(question))
        answers.write(json.dumps([status, len(drawing)]).encode() + b"\n" + drawing)
        answers.flush()


def _drawn(question: dict[str, object]) -> tuple[str, bytes]:
    given: dict[str, str] = question["pictures"]  # type: ignore[assignment]
    kind: Kind = question["kind"]  # type: ignore[assignment]
    pictures = {name: base64.b64decode(data) for name, data in given.items()}
    try:
        return _DRAWN, draw_here(kind, str(question["html"]), pictures)
    except PdfUnavailableError:
        return _UNAVAILABLE, b""
    except Exception as error:
        return type(error).__name__, b""


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer, idle=float(sys.argv[1]))
