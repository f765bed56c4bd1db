"""Reads a workbook that came back in a process of its own: see `workshops.domain.reader_process`.

An XLIFF file is read here: its parser takes no entities, and time and memory that grow with the file alone.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from workshops.domain.reader_process import ask_child
from workshops.domain.translations.exchange.read_returned import is_workbook, read_returned
from workshops.domain.translations.exchange.sheet import remark_heads
from workshops.domain.translations.exchange.values import Returned, ReturnedRow


def read_in_child(*, data: bytes, seconds: int = 30, megabytes: int = 600) -> Returned:
    """As `read_returned`. Raises DraftFileError, also where reading takes too long or too much memory."""
    if not is_workbook(data):
        return read_returned(data=data)
    answer = ask_child(
        module="workshops.domain.translations.exchange",
        # The child speaks no language.
        question={"remark_heads": sorted(remark_heads())},
        data=data,
        seconds=seconds,
        megabytes=megabytes,
    )
    rows = tuple(ReturnedRow(**row) for row in answer.pop("rows"))
    return Returned(**answer, rows=rows)


def read(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The child's side."""
    return asdict(read_returned(data=data, remark_heads=frozenset(question["remark_heads"])))
