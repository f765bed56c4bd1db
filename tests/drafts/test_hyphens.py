"""A hyphen at the end of a line is the typesetter's, unless something says that it is the word's own."""

from __future__ import annotations

import pytest

from workshops.domain.draft.tables import join_lines
from workshops.domain.draft.tidy import tidy
from workshops.domain.draft.values import Line


def joined(*lines: str) -> str:
    """One paragraph, as a PDF gives it: only its first line continues nothing."""
    found = tidy([Line(number, (text,), "1", number > 1) for number, text in enumerate(lines, 1)])
    [line] = found.lines
    return line.text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("Die deutsch-", "türkische Konferenz"), "Die deutsch-türkische Konferenz"),
        (("Die Deutsch-", "Türkische Konferenz"), "Die Deutsch-Türkische Konferenz"),
        (("Türk-", "Alman buluşması"), "Türk-Alman buluşması"),
        (("alman-", "türk dostluğu"), "alman-türk dostluğu"),
        (("A German-", "turkish meeting"), "A German-turkish meeting"),
        (
            ("deutsch-", "türkische und türkisch-", "deutsche Wege"),
            "deutsch-türkische und türkisch-deutsche Wege",
        ),
        (("Zur Einfüh-", "rung spricht"), "Zur Einführung spricht"),
        (("auf deut-", "scher Seite"), "auf deutscher Seite"),
        (
            ("Stadtent-", "wicklung", "und Städtepart-", "nerschaft"),
            "Stadtentwicklung und Städtepartnerschaft",
        ),
        (("Tee- und Kaffee-", "pause"), "Tee- und Kaffeepause"),
        (("Tee-", "und Kaffeepause"), "Tee- und Kaffeepause"),
    ],
)
def test_a_word_broken_by_the_typesetter_is_whole_again(lines: tuple[str, ...], text: str) -> None:
    assert joined(*lines) == text


def test_the_same_word_elsewhere_in_the_file_tells() -> None:
    assert joined("Ein sozial-ökologischer Umbau, sozial-", "ökologische Ziele und digi-", "tale Wege") == (
        "Ein sozial-ökologischer Umbau, sozial-ökologische Ziele und digitale Wege"
    )
    assert (
        joined("Der Stadt-Land-Dialog der Stadt-", "verwaltung")
        == "Der Stadt-Land-Dialog der Stadtverwaltung"
    )


def test_a_cell_of_a_table_keeps_it_too() -> None:
    rows = [Line(1, ("10:00", "Der deutsch-\ntürkische Dia-\nlog")), Line(2, ("", "der Kommunen"))]
    [first, _second] = tidy(rows).lines
    assert join_lines(first.cells[1].split("\n")) == "Der deutsch-türkische Dialog"
    broken = tidy([Line(1, ("10:00", "Der deutsch-")), Line(2, ("", "türkische Dialog"))]).lines
    assert join_lines(line.cells[1] for line in broken) == "Der deutsch-türkische Dialog"


def test_a_line_that_nothing_continues_stays_as_it_is() -> None:
    [first, second] = tidy(
        [Line(1, ("Die deutsch-",), "1", False), Line(2, ("türkische",), "1", False)]
    ).lines
    assert (first.text, second.text) == ("Die deutsch-", "türkische")
