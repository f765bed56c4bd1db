"""Finds out whether a drawing can be drawn with little time and memory: see `workshops.domain.reader_process`.

Which drawings take for ever cannot be told from their parts, and each page with one would hold up a web worker.
"""

from __future__ import annotations

from typing import Any

from workshops.domain.printing import PdfUnavailableError, drawn
from workshops.domain.reader_process import ask_child

# Most of the time goes into loading the libraries, and most of the memory they only reserve.
_SECONDS, _MEGABYTES = 30, 1_500
_PAGE = '<img src="picture:trial" style="width: 300px; height: 100px">'


def try_drawing(*, data: bytes, seconds: int = _SECONDS) -> None:
    """`data` is an SVG. Raises DraftFileError where it takes too long or too much memory."""
    ask_child(
        module="workshops.domain.trial_drawing", question={}, data=data, seconds=seconds, megabytes=_MEGABYTES
    )


def draw(_question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The child's side. Where nothing can be drawn, no drawing does harm."""
    try:
        drawn(html=_PAGE, pictures={"trial": data})
    except PdfUnavailableError:
        return {"drawn": False}
    return {"drawn": True}
