"""A document on paper: one part a language, tables whose rows stay whole, both clocks in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from registration.domain.documents.content import (
    Cell,
    Clocks,
    Column,
    Content,
    Item,
    Kind,
    Lines,
    Phrase,
    Table,
)
from workshops.clocks import Face
from workshops.domain.printing import printed
from workshops.templatetags.texts import day_offset, short_date

_CLASSES = {
    Kind.NUMBER: "number",
    Kind.CLOCKS: "time",
    Kind.MOMENT: "time",
    Kind.WIDE: "wide",
    Kind.BLANK: "blank",
    Kind.TEXT: "",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A table's heads and rows as HTML: (class, content)."""

    table: Table
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, SafeString], ...], ...]


def document_pdf(*, contents: Sequence[tuple[str, Content]]) -> bytes:
    """`contents`: the same document in each of its languages. Raises PdfUnavailableError."""
    parts = []
    for language, content in contents:
        with override(language):
            parts.append(_part(language, content))
    first = contents[0]
    page = {"language": first[0], "content": first[1], "parts": parts}
    return printed(html=render_to_string("pdf/documents/document.html", page))


def _part(language: str, content: Content) -> str:
    blocks = [
        {"block": block, "tables": [_printed(table, content.labels) for table in block.tables]}
        for block in content.blocks
    ]
    return render_to_string(
        "pdf/documents/part.html", {"language": language, "content": content, "blocks": blocks}
    )


def _printed(table: Table, labels: Sequence[str]) -> Printed:
    columns = [(number, column) for number, column in enumerate(table.columns) if column.printed]
    heads = tuple(head for _number, column in columns for head in _heads(column, labels))
    rows = tuple(
        tuple(cell for number, column in columns for cell in _cells(column, row[number], len(labels)))
        for row in table.rows
    )
    return Printed(table, heads, rows)


def _heads(column: Column, labels: Sequence[str]) -> Iterator[tuple[str, str]]:
    kind = _CLASSES[column.kind]
    if column.kind in {Kind.CLOCKS, Kind.MOMENT}:
        yield from ((kind, label) for label in labels)
    else:
        yield kind, column.label


def _cells(column: Column, cell: Cell, clocks: int) -> Iterator[tuple[str, SafeString]]:
    kind = _CLASSES[column.kind]
    if column.kind not in {Kind.CLOCKS, Kind.MOMENT}:
        yield kind, _html(cell)
    elif isinstance(cell, tuple) and cell:
        yield from ((kind, _time(face, with_date=column.kind is Kind.MOMENT)) for face in cell)
    else:
        yield from ((f"{kind} time--open", format_html("{}", _("open"))) for _each in range(clocks))


def _time(face: Face, *, with_date: bool) -> SafeString:
    if with_date:
        return format_html("{}, {}", short_date(face.date), face.start_text)
    start = format_html("<b>{}</b>{}", face.start_text, day_offset(face.day_offset))
    if face.end is None:
        return start
    return format_html(
        '{} <span class="until">–{}{}</span>', start, face.end_text, day_offset(face.end_day_offset)
    )


def _html(cell: Cell | Clocks) -> SafeString:
    if isinstance(cell, Phrase):
        return _phrase(cell)
    if isinstance(cell, Item):
        notes = format_html_join("", '<div class="note">{}</div>', ((_phrase(note),) for note in cell.notes))
        return format_html('<div class="title depth--{}">{}</div>{}', cell.depth, _phrase(cell.title), notes)
    if isinstance(cell, Lines):
        return format_html_join("", "<div>{}</div>", ((_phrase(line),) for line in cell.lines))
    return conditional_escape("" if cell is None else str(cell))


def _phrase(phrase: Phrase) -> SafeString:
    if phrase.language:
        return format_html('<span lang="{}">{}</span>', phrase.language, phrase.text)
    return format_html("{}", phrase.text)
