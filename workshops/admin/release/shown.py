"""Differences as the organisers' pages show them: in words, in the reader's language and beside it the others'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import override

from workshops.domain.differences import Difference, grouped, in_words
from workshops.languages import OWN_NAMES, Text, active_language

_PARTNERS = ("de", "tr")


@dataclass(frozen=True, slots=True)
class Row:
    """`sentences` are pairs of a language and what is said in it."""

    notify: bool
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    heading: Text
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """For `admin/workshops/release/differences.html`. `languages` are pairs of a code and its own name."""

    languages: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def shown(differences: Iterable[Difference]) -> Shown:
    codes = _codes()
    sections = tuple(
        Section(group.heading, tuple(_row(item, codes) for item in group.items))
        for group in grouped(differences)
    )
    return Shown(tuple((code, OWN_NAMES[code]) for code in codes), sections)


def _codes() -> tuple[str, ...]:
    own = active_language()
    return (own, *(code for code in _PARTNERS if code != own))


def _row(difference: Difference, codes: Iterable[str]) -> Row:
    sentences = []
    for code in codes:
        with override(code):
            sentences.append((code, in_words(difference)))
    return Row(difference.notify, tuple(sentences))
