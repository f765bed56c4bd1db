"""A draft's text as other programs would hold it: in Word, in a sheet, on printed pages."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from weasyprint import CSS, HTML

_LIST_ITEM = re.compile(r"^(?P<indent> *)(?:- )?(?P<mark>\d\.\d\.|\d\.(?! /)|[a-z]\)|-)? (?P<text>.*)$")


@dataclass(frozen=True)
class Paragraph:
    """`mark` is the number or bullet before it, `depth` how far it is indented; empty paragraphs part the others."""

    text: str
    mark: str = ""
    depth: int = 0

    @property
    def line(self) -> str:
        return f"{'  ' * self.depth}{self.mark} {self.text}" if self.mark else self.text


@dataclass(frozen=True)
class Table:
    """Rows of cells, each of which is a list of lines."""

    rows: list[list[list[str]]]


@dataclass(frozen=True)
class Pages:
    """`head` stands at the top of every page."""

    head: str
    pages: list[list[Paragraph | Table]] = field(default_factory=list)


def pages_of(text: str) -> Pages:
    """From the text of a draft whose pages are parted by many empty lines, each with its head."""
    pages = [page.strip("\n").split("\n") for page in re.split(r"\n{6,}", text) if page.strip()]
    return Pages(pages[0][0], [_blocks(lines[1:]) for lines in pages])


def _blocks(lines: list[str]) -> list[Paragraph | Table]:
    blocks: list[Paragraph | Table] = []
    for is_table, group in groupby(lines, key=lambda line: "\t" in line):
        if is_table:
            blocks.append(Table(_rows(group)))
        else:
            for line in group:
                _add_paragraph(blocks, line)
    return blocks


def _add_paragraph(blocks: list[Paragraph | Table], line: str) -> None:
    above = blocks[-1] if blocks else None
    match = _LIST_ITEM.match(line)
    if match and match["mark"]:
        depth = len(match["indent"]) // 2 + match["mark"].count(".", 0, -1)
        blocks.append(Paragraph(match["text"], match["mark"], depth))
    elif line.startswith(" ") and isinstance(above, Paragraph):
        blocks[-1] = Paragraph(f"{above.text} {line.strip()}", above.mark, above.depth)
    elif line.strip():
        blocks.append(Paragraph(re.sub(r"\*\*?|</?u>", "", line).strip()))


def _rows(lines: Iterable[str]) -> list[list[list[str]]]:
    """A row begins where its first cell and its last are filled; the others are what it was broken into."""
    rows: list[list[list[str]]] = []
    for line in lines:
        cells = line.split("\t")
        if (cells[0].strip() and cells[-1].strip()) or not rows:
            rows.append([[] for _cell in cells])
        for cell, text in zip(rows[-1], cells, strict=True):
            cell.extend([text] if text.strip() else [])
    return rows


def as_txt(pages: Pages) -> bytes:
    """The tables' rows broken over lines, page heads between."""
    printed = ["\n".join([pages.head, "", *_printed(page)]) for page in pages.pages]
    return ("\n" * 12).join(printed).encode()


def _printed(page: list[Paragraph | Table]) -> Iterable[str]:
    for block in page:
        if isinstance(block, Paragraph):
            yield f"{block.line}\n"
        else:
            for row in block.rows:
                for number in range(max(len(cell) for cell in row)):
                    yield "\t".join(cell[number] if number < len(cell) else "" for cell in row)
            yield ""


def _sheet_rows(pages: Pages) -> Iterable[list[str]]:
    yield [pages.head]
    for page in pages.pages:
        for block in page:
            if isinstance(block, Paragraph):
                yield [block.line]
            else:
                yield from (["\n".join(cell) for cell in row] for row in block.rows)
        yield []


def as_csv(pages: Pages) -> bytes:
    return csv_of(_sheet_rows(pages))


def csv_of(rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(pages: Pages) -> bytes:
    return xlsx_of({"Programm": _sheet_rows(pages)})


def xlsx_of(sheets: dict[str, Iterable[list[Any]]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def as_docx(pages: Pages) -> bytes:
    """With a real page head, real tables, and lists whose numbers Word draws."""
    document, out = Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = pages.head
    lists = _WordLists(document)
    for number, page in enumerate(pages.pages):
        if number:
            document.add_page_break()
        for block in page:
            if isinstance(block, Table):
                _add_table(document, block)
            else:
                lists.add(block)
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, block: Table) -> None:
    table = document.add_table(len(block.rows), len(block.rows[0]))
    for row, cells in zip(table.rows, block.rows, strict=True):
        for cell, lines in zip(row.cells, cells, strict=True):
            cell.text = lines[0] if lines else ""
            for line in lines[1:]:
                cell.add_paragraph(line)


class _WordLists:
    """One list of bullets; numbered ones begin anew at 1, and 2.1. is the second level of 2."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbering = document.part.numbering_part.element
        self.bullets = self._new([("bullet", "•")] * 5)
        self.outer = self.inner = self.letters = ""
        self.above = ""

    def add(self, block: Paragraph) -> None:
        paragraph = self.document.add_paragraph(block.text)
        if block.mark == "-":
            self._mark(paragraph, self.bullets, min(block.depth, 4))
        elif block.mark.endswith(")"):
            self.letters = self._new([("lowerLetter", "%1)")]) if block.mark == "a)" else self.letters
            self._mark(paragraph, self.letters, 0)
        elif block.mark:
            self._number(paragraph, block.mark)
        if not block.mark[:1].isdigit() or "." in block.mark[:-1]:
            self.inner = ""
        self.above = block.text

    def _number(self, paragraph: Any, mark: str) -> None:
        if mark == "1." and self.above.endswith("):"):
            self.inner = self._new([("decimal", "%1.")])
        elif mark == "1.":
            self.outer = self._new([("decimal", "%1."), ("decimal", "%1.%2.")])
        self._mark(paragraph, self.inner or self.outer, 1 if "." in mark[:-1] else 0)

    def _mark(self, paragraph: Any, number: str, depth: int) -> None:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )

    def _new(self, levels: list[tuple[str, str]]) -> str:
        number = str(500 + len(self.numbering))
        inner = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (kind, text) in enumerate(levels)
        )
        pattern = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inner}</w:abstractNum>'
        self.numbering.insert(0, parse_xml(pattern))
        self.numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
        return number


_PAGE = """
@page { size: A4; margin: 25mm 20mm; @top-left { content: "%s"; font: 9pt sans-serif }
        @bottom-center { content: counter(page) " / " counter(pages); font: 9pt sans-serif } }
body { font: 10pt/1.25 sans-serif } p { margin: 0 0 8pt } section { break-after: page }
table { border-collapse: collapse; width: 100%% } tr { break-inside: avoid }
td { border: 1px solid; padding: 3pt; vertical-align: top }
"""


def as_pdf(pages: Pages) -> bytes:
    """With ruled tables, page heads and page numbers."""
    body = "".join(f"<section>{''.join(map(_html, page))}</section>" for page in pages.pages)
    style = CSS(string=_PAGE % pages.head.replace('"', "”"))
    return HTML(string=body).write_pdf(stylesheets=[style])


def _html(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return f'<p style="margin-left: {block.depth * 12}pt">{html.escape(block.line.strip())}</p>'
    rows = ("".join(f"<td>{'<br>'.join(map(html.escape, cell))}</td>" for cell in row) for row in block.rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


AS = {"txt": as_txt, "csv": as_csv, "xlsx": as_xlsx, "docx": as_docx, "pdf": as_pdf}
