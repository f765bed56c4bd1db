"""Word documents: paragraphs and tables in their order, as they look on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.draft.files.word_lists import Lists
from workshops.domain.draft.values import Line

_BREAKS = (qn("w:br"), qn("w:cr"))
_UNSEEN = (
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
_MOST_CELLS = 60
_Entry = tuple[tuple[str, ...], bool | None]


def read_docx(data: bytes) -> list[Line]:
    """The document’s lines; page heads come first, once, and footnotes last. Raises DraftFileError."""
    try:
        reader = _Reader(Document(io.BytesIO(data)))
        return [
            Line(number, cells, goes_on=goes_on) for number, (cells, goes_on) in enumerate(reader.lines(), 1)
        ]
    except (DraftFileError, MemoryError):
        raise
    except Exception as error:
        raise DraftFileError(
            _("The document is damaged and cannot be opened. Please save it once more.")
        ) from error


class _Reader:
    def __init__(self, document: Any) -> None:
        self.document = document
        self.lists = Lists(document)

    def lines(self) -> Iterator[_Entry]:
        yield from self._page_heads()
        yield from self._blocks(self.document.element.body)
        yield from self._footnotes()

    def _page_heads(self) -> Iterator[_Entry]:
        texts = (
            _text(paragraph).strip()
            for section in self.document.sections
            for paragraph in section.header._element.iter(qn("w:p"))
        )
        for text in dict.fromkeys(texts):
            if text:
                yield (" ".join(text.split()),), False

    def _blocks(self, parent: Any) -> Iterator[_Entry]:
        """Paragraphs and tables, also those within content controls and tracked insertions."""
        for block in parent.iterchildren():
            if block.tag == qn("w:p"):
                yield from self._paragraph(block)
            elif block.tag == qn("w:tbl"):
                yield from self._table(block)
            elif block.tag not in _UNSEEN:
                yield from self._blocks(block)

    def _paragraph(self, paragraph: Any) -> Iterator[_Entry]:
        text = _text(paragraph)
        prefix = self.lists.prefix(paragraph) if text.strip() else ""
        for line in (prefix + text).split("\n"):
            first, *others = line.split("\t")
            cells = (first.rstrip(), *(cell.strip() for cell in others))
            # Rows made with tabs are broken over lines as on paper.
            yield cells, None if others else False

    def _table(self, table: Any) -> Iterator[_Entry]:
        for row in table.iter(qn("w:tr")):
            is_own = next(row.iterancestors(qn("w:tbl"))) is table
            if is_own and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                cells = [
                    text for cell in row.iter(qn("w:tc")) if _holds(row, cell) for text in self._cell(cell)
                ]
                yield from [(tuple(cells), False)] if len(cells) > 1 else self._frame(cells)

    def _cell(self, cell: Any) -> Iterator[str]:
        """The cell’s text, and an empty one for each further column that it covers."""
        paragraphs = [self._cell_line(paragraph) for paragraph in cell.iter(qn("w:p"))]
        yield "\n".join(line for line in paragraphs if line.strip())
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        for _column in range(min(int(span.get(qn("w:val"))) if span is not None else 1, _MOST_CELLS) - 1):
            yield ""

    def _frame(self, cells: list[str]) -> Iterator[_Entry]:
        """A table of one column is a frame around paragraphs."""
        return (((line,), False) for cell in cells for line in cell.split("\n"))

    def _cell_line(self, paragraph: Any) -> str:
        text = _text(paragraph).replace("\t", " ")
        return (self.lists.prefix(paragraph) + text).strip() if text.strip() else ""

    def _footnotes(self) -> Iterator[_Entry]:
        for relation in self.document.part.rels.values():
            if relation.reltype.endswith("/footnotes") and not relation.is_external:
                for paragraph in parse_xml(relation.target_part.blob).iter(qn("w:p")):
                    yield (_text(paragraph).strip(),), False


def _holds(row: Any, cell: Any) -> bool:
    """Whether the cell is this row’s own, not one of a table within it."""
    return next(cell.iterancestors(qn("w:tr"))) is row


def _text(paragraph: Any) -> str:
    """Also what was inserted with changes tracked; not what was deleted so."""
    parts: list[str] = []
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), *_BREAKS):
        if element.tag == qn("w:tab"):
            parts.append("\t" if element.getparent().tag == qn("w:r") else "")
        elif not _is_hidden(element, paragraph):
            parts.append("\n" if element.tag in _BREAKS else element.text or "")
    return "".join(parts)


def _is_hidden(element: Any, paragraph: Any) -> bool:
    for parent in element.iterancestors():
        if parent is paragraph:
            return False
        if parent.tag in _UNSEEN:
            return True
    return False
