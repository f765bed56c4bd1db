"""A letter as plain text that reads well: paragraphs of 76 columns, one fact a line, links never broken."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from registration.domain.placeholders import fill
from registration.mails.letter import AccessDay, Detail, Letter, OwnText, Section
from registration.mails.times import row_text
from workshops.languages import active_language

WIDTH = 76
_MOST = 128
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+\s*")
_LIST_ITEM = re.compile(r"\s*([-*+]|\d+[.)])\s+")


def plain_of(letters: Sequence[Letter]) -> str:
    parts = []
    for letter in letters:
        with override(letter.language):
            parts.append(plain_text(letter))
    hints = "".join(f"{letter.hint}\n\n" for letter in letters[1:])
    return hints + f"\n{'=' * WIDTH}\n\n".join(parts)


def plain_text(letter: Letter) -> str:
    return "\n".join(_squeezed(_lines(letter))).strip() + "\n"


def plain_greeting(greeting: str) -> str:
    """Never kept, however long it is: it names somebody."""
    return "\n".join(_broken(greeting))


def _lines(letter: Letter) -> Iterator[str]:
    yield from (*_paragraph(letter.notice), plain_greeting(letter.greeting), "")
    for paragraph in letter.opening:
        yield from _paragraph(paragraph)
    if letter.text is not None:
        yield from _own_text(letter.text)
    for detail in letter.details:
        yield from _detail(detail)
    yield ""
    for section in letter.sections:
        yield from _section(section)
    if letter.button is not None:
        yield from (f"{letter.button.label}:", letter.button.url, "")
        yield from _paragraph(letter.button.explanation)
    for paragraph in letter.closing:
        yield from _paragraph(paragraph)
    yield from letter.signature
    if letter.footer:
        yield from ("", "-- ")
    for paragraph in letter.footer:
        yield from _wrapped(paragraph)
    if letter.unsubscribe is not None:
        yield from ("", *_wrapped(letter.unsubscribe.explanation), letter.unsubscribe.url)


def _section(section: Section) -> Sequence[str]:
    """What the programme says of a workshop is the same for everybody; nothing that opens a door is kept."""
    return tuple(_lines_of(section)) if section.access else _kept_lines(section, active_language())


@lru_cache(maxsize=_MOST)
def _kept_lines(section: Section, _language: str) -> tuple[str, ...]:
    return tuple(_lines_of(section))


def _lines_of(section: Section) -> Iterator[str]:
    heading = _wrapped(section.heading.text)
    yield from (*heading, "-" * max(len(line) for line in heading or [""]))
    for change in section.changes:
        yield from _wrapped(change, first="- ")
    if section.changes:
        yield ""
    if section.pending:
        yield section.pending
    for row in section.rows:
        yield from _wrapped(row_text(row) + (f": {row.title.text}" if row.title else ""))
    for line in section.legend:
        yield from _wrapped(line)
    yield ""
    for sentence in section.sentences:
        yield from _paragraph(sentence)
    for day in section.access:
        yield from _access(day)
    if section.guide is not None:
        yield from (section.guide_heading, "")
        for line in section.guide.text.splitlines():
            yield from _markdown_line(line)
        yield ""


def _own_text(text: OwnText) -> Iterator[str]:
    """The marks of Markdown go before anything is filled in: what a name contains stays as it is."""
    for line in text.phrase.text.splitlines():
        yield from _markdown_line(line, text.values)
    yield ""


def _access(day: AccessDay) -> Iterator[str]:
    yield from _broken(_("Access details for %(date)s") % {"date": day.heading})
    if day.notice:
        yield from _broken(day.notice)
    for detail in day.details:
        yield from _detail(detail)
    yield ""


def _detail(detail: Detail) -> Iterator[str]:
    """A value of several lines begins below its label."""
    lines = detail.value.splitlines()
    if len(lines) <= 1:
        yield f"  {detail.label}: {detail.value}"
    else:
        yield from (f"  {detail.label}:", *(f"    {line}" for line in lines))


def _paragraph(text: str) -> list[str]:
    return [*_wrapped(text), ""] if text else []


def _wrapped(text: str, *, first: str = "") -> tuple[str, ...]:
    # A short line costs little; long sentences are nearly always the same for everybody.
    return _kept(text, first) if len(text) > WIDTH else _broken(text, first)


def _broken(text: str, first: str = "") -> tuple[str, ...]:
    if len(first) + len(text) <= WIDTH and text.isprintable():
        # What fits stays as it is but for blanks at its end; a name is looked through in no time this way.
        return (f"{first}{text}".rstrip(" "),) if text.strip(" ") else ()
    return tuple(
        textwrap.wrap(
            text,
            WIDTH,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


_kept = lru_cache(maxsize=1_024)(_broken)


def _markdown_line(line: str, values: Mapping[str, str] | None = None) -> list[str]:
    """Lists stay as they are; marks of emphasis go, and links show where they lead."""
    line = _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", _HEADING.sub("", line)))
    line = fill(text=line, values=values or {})
    found = _LIST_ITEM.match(line)
    indent = " " * len(found[0]) if found else ""
    return textwrap.wrap(
        line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _squeezed(lines: Iterator[str]) -> Iterator[str]:
    """No two empty lines in a row."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line
