"""The HTML of letters, cast in a mould: two letters that differ in their words only share everything else.

To render the templates and to write the styles into each element takes a hundred times as long as to put words into
what came of it. So a letter is rendered once with marks in the place of its words, and what comes out is kept. No word
of a letter is kept with it that could be about one person: names, links, access details are never part of a mould.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import override

from registration.mails.gaps import BETWEEN, Gapped, mark
from registration.mails.letter import AccessDay, Button, Detail, Letter, OwnText, Phrase, Section

if TYPE_CHECKING:
    from css_inline import CSSInliner

_MOST = 128


@dataclass(frozen=True, slots=True)
class _Shape:
    """A letter with marks. `own_names`: the placeholders of the hosts' text, which stands beside the letter because
    a mapping cannot be looked up.
    """

    letter: Letter
    own: Phrase | None
    own_names: tuple[str, ...]
    own_marks: tuple[str, ...]

    @property
    def whole(self) -> Letter:
        if self.own is None:
            return self.letter
        values = dict(zip(self.own_names, self.own_marks, strict=True))
        return replace(self.letter, text=OwnText(self.own, values))


def html_of(letters: Sequence[Letter]) -> str:
    words = _Words()
    shapes = tuple(words.shape_of(letter) for letter in letters)
    return _mould(shapes).filled(escaped(words.found))


def escaped(words: Sequence[str]) -> list[str]:
    """All at once; as in what surrounds them, where a blank that does not break is written out."""
    return escape(BETWEEN.join(words)).replace("\xa0", "&nbsp;").split(BETWEEN)


@lru_cache(maxsize=_MOST)
def _mould(shapes: tuple[_Shape, ...]) -> Gapped:
    return Gapped(rendered([shape.whole for shape in shapes]))


def rendered(letters: Sequence[Letter]) -> str:
    """From the templates, with the styles written into each element."""
    parts = []
    for letter in letters:
        with override(letter.language):
            parts.append(render_to_string("email/letter.html", {"letter": letter}))
    frame = {"letters": letters, "parts": parts, "subject": " / ".join(letter.subject for letter in letters)}
    return _inliner().inline(render_to_string("email/frame.html", frame))


@cache
def _inliner() -> CSSInliner:
    # Imported late: most processes write no mail.
    from css_inline import CSSInliner  # noqa: PLC0415

    return CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


class _Words:
    """Takes the words out of letters and leaves marks. What is empty stays so: templates ask."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def shape_of(self, letter: Letter) -> _Shape:
        own = letter.text
        shape = replace(
            letter,
            subject=self._one(letter.subject),
            greeting=self._one(letter.greeting),
            opening=self._many(letter.opening),
            text=None,
            sections=tuple(map(self._section, letter.sections)),
            details=self._details(letter.details),
            button=self._button(letter.button),
            closing=self._many(letter.closing),
            signature=self._many(letter.signature),
            footer=self._many(letter.footer),
            unsubscribe=self._button(letter.unsubscribe),
            hint=self._one(letter.hint),
            notice=self._one(letter.notice),
        )
        if own is None:
            return _Shape(shape, None, (), ())
        return _Shape(shape, own.phrase, tuple(own.values), self._many(own.values.values()))

    def _one(self, word: str) -> str:
        if not word:
            return ""
        self.found.append(word)
        return mark(len(self.found) - 1)

    def _many(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self._one, words))

    def _button(self, button: Button | None) -> Button | None:
        if button is None:
            return None
        return Button(self._one(button.label), self._one(button.url), self._one(button.explanation))

    def _section(self, section: Section) -> Section:
        """What the programme says stays: it is the same for everybody, and there is much of it."""
        if not (section.access or section.changes):
            return section
        return replace(
            section,
            changes=self._many(section.changes),
            access=tuple(map(self._access, section.access)),
        )

    def _access(self, day: AccessDay) -> AccessDay:
        return AccessDay(day.heading, self._one(day.notice), self._details(day.details))

    def _details(self, details: Iterable[Detail]) -> tuple[Detail, ...]:
        return tuple(Detail(self._one(one.label), self._lines(one), one.is_link) for one in details)

    def _lines(self, detail: Detail) -> str:
        """A value keeps its lines, which the template turns into `<br>`; a link has one only."""
        if detail.is_link:
            return self._one(detail.value)
        lines = re.split(r"\r\n|\r|\n", detail.value)
        return "\n".join(map(self._one, lines))
