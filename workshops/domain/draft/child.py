"""Reads a draft in a process of its own: see `workshops.domain.reader_process`."""

from __future__ import annotations

from typing import Any

from workshops.domain.draft.files.open import LARGEST, kind_of, read_file
from workshops.domain.draft.read import read_draft
from workshops.domain.draft.serialise import as_json, from_json
from workshops.domain.draft.values import Draft
from workshops.domain.reader_process import ask_child


def read_in_child(
    *, name: str, data: bytes, year: int | None = None, seconds: int = 60, megabytes: int = 600
) -> Draft:
    """What the file says. Raises DraftFileError, also where reading it takes too long or too much memory."""
    if len(data) > LARGEST:
        kind_of(name=name, data=data)  # raises, before so much is sent to another process
    answer = ask_child(
        module="workshops.domain.draft",
        question={"name": name, "year": year},
        data=data,
        seconds=seconds,
        megabytes=megabytes,
    )
    return from_json(answer["draft"])


def read(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The child's side."""
    lines = read_file(name=question["name"], data=data)
    return {"draft": as_json(read_draft(lines, year=question["year"]))}
