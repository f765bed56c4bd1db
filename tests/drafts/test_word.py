from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from workshops.domain.draft.files.word import read_docx


def lines_of(build: Callable[[Any], None]) -> list[tuple[str, ...]]:
    document, out = Document(), io.BytesIO()
    build(document)
    document.save(out)
    return [line.cells for line in read_docx(out.getvalue()) if line.text]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    def build(document: Any) -> None:
        paragraph = document.add_paragraph("Digitale ")
        for tag, inner in (("w:ins", "w:t"), ("w:del", "w:delText")):
            run = f"<{tag} {nsdecls('w')}><w:r><{inner}>{tag[-3:]}</{inner}></w:r></{tag}>"
            paragraph._p.append(parse_xml(run))

    assert lines_of(build) == [("Digitale ins",)]


def test_merged_cells_leave_the_other_columns_in_their_places() -> None:
    def build(document: Any) -> None:
        table = document.add_table(2, 4)
        for cell, text in zip(table.rows[0].cells, ("Zeit", "Thema", "Redner", "Dauer"), strict=True):
            cell.text = text
        merged = table.cell(1, 1).merge(table.cell(1, 2))
        merged.text = "Pause"
        table.cell(1, 0).text, table.cell(1, 3).text = "10:00", "15 Min."

    assert lines_of(build) == [("Zeit", "Thema", "Redner", "Dauer"), ("10:00", "Pause", "", "15 Min.")]


def test_page_heads_come_once_and_footnotes_last() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Herbsttagung"
        document.add_section().header.is_linked_to_previous = False
        document.sections[1].header.paragraphs[0].text = "Herbsttagung"
        document.add_paragraph("Fachworkshop 1")
        text = "<w:footnote><w:p><w:r><w:t>Raum offen</w:t></w:r></w:p></w:footnote>"
        note = f"<w:footnotes {nsdecls('w')}>{text}</w:footnotes>"
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        part = Part(PackURI("/word/footnotes.xml"), kind, note.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    assert lines_of(build) == [("Herbsttagung",), ("Fachworkshop 1",), ("Raum offen",)]


def test_a_table_of_one_column_is_a_frame_and_one_within_a_cell_is_part_of_it() -> None:
    def build(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "Fachworkshop 1: Wasser"
        outer = document.add_table(1, 2)
        outer.cell(0, 0).text = "10:00"
        inner = outer.cell(0, 1).add_table(1, 1)
        inner.cell(0, 0).text = "Begrüßung"

    assert lines_of(build) == [("Fachworkshop 1: Wasser",), ("10:00", "Begrüßung")]


def test_lists_count_on_or_anew_as_word_draws_them() -> None:
    def build(document: Any) -> None:
        for text in ("Eins", "Zwei"):
            document.add_paragraph(text, style="List Number")
        document.add_paragraph("Punkt", style="List Bullet")
        document.add_paragraph("Drei", style="List Number")
        numbering = document.part.numbering_part.element
        pattern = numbering.num_having_numId(_number_of(document)).abstractNumId.val
        anew = numbering.add_num(pattern)
        anew.add_lvlOverride(0).add_startOverride(1)
        paragraph = document.add_paragraph("Wieder eins", style="List Number")
        paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = anew.numId

    assert [cells[0].strip() for cells in lines_of(build)] == [
        "1. Eins",
        "2. Zwei",
        "- Punkt",
        "3. Drei",
        "1. Wieder eins",
    ]


def _number_of(document: Any) -> int:
    return int(document.styles["List Number"].element.pPr.numPr.numId.val)
