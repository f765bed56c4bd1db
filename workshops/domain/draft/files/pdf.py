from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import pdfplumber
from django.utils.translation import gettext_noop as _
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.values import Line

MOST_PAGES = 200


def read_pdf(data: bytes) -> list[Line]:
    """The text of every page from top to bottom, ruled tables as rows. Raises DraftFileError."""
    try:
        return _lines(data)
    except (DraftFileError, MemoryError):
        raise
    except Exception as error:
        cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise DraftFileError(
                _("The PDF is protected with a password. Please save it without one.")
            ) from error
        raise DraftFileError(
            _("The PDF is damaged and cannot be opened. Please export it once more.")
        ) from error


def _lines(data: bytes) -> list[Line]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        if len(document.pages) > MOST_PAGES:
            raise DraftFileError(_("The PDF has more than %(most)d pages."), most=MOST_PAGES)
        found = [entry for page in document.pages for entry in _page(page)]
    return [Line(number, cells, place, goes_on) for number, (cells, place, goes_on) in enumerate(found, 1)]


@dataclass(frozen=True, slots=True)
class _Block:
    """A line of text, or a row of a table, and where it lies on its page, in points; how wide its first word is."""

    cells: tuple[str, ...]
    top: float
    bottom: float
    right: float = 0
    first_word: float = 0


def _page(page: Any) -> Iterator[tuple[tuple[str, ...], str, bool | None]]:
    place = str(page.page_number)
    tables = [table for table in page.find_tables() if len(table.rows[0].cells) > 1]
    blocks = _paragraph_lines(page, tables)
    margin = max((block.right for block in blocks), default=0)
    blocks += [row for table in tables for row in _rows(table)]
    above = None
    for block in sorted(blocks, key=lambda block: block.top):
        yield block.cells, place, _continues(above, block, margin)
        above = block
    page.close()


def _paragraph_lines(page: Any, tables: list[Any]) -> list[_Block]:
    outside = page
    for table in tables:
        outside = outside.outside_bbox(_inside(page, table.bbox))
    return [
        _Block((line["text"],), line["top"], line["bottom"], line["x1"], _first_word(line["chars"]))
        for line in outside.extract_text_lines()
    ]


def _rows(table: Any) -> Iterator[_Block]:
    for row, cells in zip(table.rows, table.extract(), strict=True):
        yield _Block(tuple((cell or "").strip() for cell in cells), row.bbox[1], row.bbox[3])


def _continues(above: _Block | None, block: _Block, margin: float) -> bool | None:
    """None, which means that only its words tell, for the first row on a page: a break may have cut it in two."""
    if len(block.cells) > 1:
        return False if above is not None and len(above.cells) > 1 else None
    return above is not None and _goes_on(above, block, margin)


def _goes_on(above: _Block, block: _Block, margin: float) -> bool:
    """A line continues the one above where that one is full and no space lies between them.

    Full: the first word of this line would not have fitted there.
    """
    if len(above.cells) > 1 or len(block.cells) > 1:
        return False
    height = block.bottom - block.top
    return block.top - above.bottom < 0.6 * height and above.right + block.first_word > margin


def _first_word(letters: list[dict[str, Any]]) -> float:
    """Its width and that of the space before it, which is about a quarter of the height."""
    word = list(takewhile(lambda letter: letter["text"].strip(), letters))
    return float(word[-1]["x1"] - word[0]["x0"] + word[0]["size"] / 4) if word else 0


def _inside(page: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A table's frame may lie a hair outside the page."""
    left, top, right, bottom = page.bbox
    return (max(box[0], left), max(box[1], top), min(box[2], right), min(box[3], bottom))
