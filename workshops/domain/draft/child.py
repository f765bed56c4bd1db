"""Reads a draft in a process of its own, with little memory, little time and no secrets.

Office files and PDFs come from outside, and the libraries that read them are large: what one of them does with a file
made to hurt must end with that process.
"""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from django.utils.translation import gettext_noop as _

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.open import LARGEST, kind_of, read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.serialise import as_json, from_json
from workshops.domain.draft.values import Draft

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).parents[3]
_TOO_SLOW = _("Reading this file took more than %(seconds)d seconds, so it was given up.")
_TOO_MUCH = _("Reading this file took more than %(megabytes)d MB of memory, so it was given up.")
_BROKE_OFF = _("Reading this file broke off. Please save it once more, or as plain text.")


def read_in_child(
    *, name: str, data: bytes, year: int | None = None, seconds: int = 60, megabytes: int = 600
) -> Draft:
    """What the file says. Raises DraftFileError, also where reading it takes too long or too much memory."""
    if len(data) > LARGEST:
        kind_of(name=name, data=data)  # raises, before so much is sent to another process
    question = {"name": name, "year": year, "seconds": seconds, "megabytes": megabytes}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "workshops.domain.draft"],
            input=json.dumps(question).encode() + b"\n" + data,
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


def _understood(done: subprocess.CompletedProcess[bytes]) -> Draft:
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        # Its last words may quote the draft, so they stay out of the log.
        log.warning("draft_reader_broke_off", returncode=done.returncode)
        raise DraftFileError(_BROKE_OFF) from error
    if "error" in answer:
        raise DraftFileError(answer["error"], **answer["values"])
    return from_json(answer["draft"])


def answer(questions: BinaryIO, answers: BinaryIO) -> None:
    """The child's side: a line of JSON and the file come in, JSON goes out."""
    question = json.loads(questions.readline())
    _limit(seconds=question["seconds"], megabytes=question["megabytes"])
    answers.write(_answer(question, questions).encode())


def _answer(question: dict[str, Any], file: BinaryIO) -> str:
    try:
        lines = read_file(name=question["name"], data=file.read())
        return json.dumps({"draft": as_json(read_draft(lines, year=question["year"]))})
    except DraftFileError as error:
        return json.dumps({"error": error.message, "values": error.values})
    except MemoryError:
        return json.dumps({"error": _TOO_MUCH, "values": {"megabytes": question["megabytes"]}})


def _limit(*, seconds: int, megabytes: int) -> None:
    # Not every system knows every limit: macOS refuses one on the address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))
