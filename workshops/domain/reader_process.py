"""Reads files from outside in a process of its own, with little memory, little time and no secrets.

The libraries that read office files and PDFs are large: what one of them does with a file made to hurt must end with
that process.
"""

from __future__ import annotations

import contextlib
import errno
import json
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).parents[2]
# Megabytes; whoever has none left can say nothing, and not even end well.
_TO_SAY_SO = 64
_TOO_SLOW = _("Reading this file took more than %(seconds)d seconds, so it was given up.")
_TOO_MUCH = _("Reading this file took more than %(megabytes)d MB of memory, so it was given up.")
_BROKE_OFF = _("Reading this file broke off. Please save it once more, or as plain text.")


def ask_child(
    *, module: str, question: Mapping[str, Any], data: bytes, seconds: int, megabytes: int
) -> dict[str, Any]:
    """What `module`, run as a program, answers (see `answer_parent`).

    Raises DraftFileError, also where the answer takes too long or too much memory.
    """
    asked = {**question, "seconds": seconds, "megabytes": megabytes}
    try:
        done = subprocess.run(  # noqa: S603 (a module of ours)
            [sys.executable, "-m", module],
            input=json.dumps(asked).encode() + b"\n" + data,
            capture_output=True,
            cwd=_ROOT,
            # Neither secrets nor the database's address: the child has no use for them.
            env={"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DraftFileError(_TOO_SLOW, seconds=seconds) from error
    if -done.returncode in {signal.SIGXCPU, signal.SIGKILL}:
        raise DraftFileError(_TOO_SLOW, seconds=seconds)
    return _understood(done)


def _understood(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        log.warning("reader_broke_off", returncode=done.returncode, error=_class_of_error(done.stderr))
        raise DraftFileError(_BROKE_OFF) from error
    if "error" in answer:
        raise DraftFileError(answer["error"], **answer["values"])
    return answer


def _class_of_error(last_words: bytes) -> str:
    """Only the name of the exception: what comes after it may quote the file."""
    found = re.match(rb"[\w.]+", last_words.strip().rpartition(b"\n")[2])
    return found.group().decode() if found else ""


def answer_parent(
    questions: BinaryIO, answers: BinaryIO, *, read: Callable[[dict[str, Any], bytes], dict[str, Any]]
) -> None:
    """The child's side: a line of JSON and the file come in, JSON goes out."""
    question = json.loads(questions.readline())
    _limit(seconds=question["seconds"], megabytes=question["megabytes"])
    answers.write(_answer(question, questions, read))


def _answer(
    question: dict[str, Any], file: BinaryIO, read: Callable[[dict[str, Any], bytes], dict[str, Any]]
) -> bytes:
    try:
        return _as_bytes(read(question, file.read()))
    except DraftFileError as error:
        return _as_bytes({"error": error.message, "values": error.values})
    except Exception as error:
        most = question["megabytes"] + _TO_SAY_SO
        _limit_memory(most, most)
        if not _for_want_of_memory(error):
            raise
        return _as_bytes({"error": _TOO_MUCH, "values": {"megabytes": question["megabytes"]}})


def _as_bytes(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()


def _for_want_of_memory(error: BaseException | None) -> bool:
    """A library without memory raises what it likes: an import that failed, a file that could not be opened."""
    while error is not None:
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
            return True
        error = error.__cause__ or error.__context__
    return False


def _limit(*, seconds: int, megabytes: int) -> None:
    _limit_memory(megabytes, megabytes + _TO_SAY_SO)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))


def _limit_memory(megabytes: int, at_most: int) -> None:
    # Not every system knows every limit: macOS refuses one on the address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, at_most * 2**20))
