"""Draws the programme's PDF and calls WeasyPrint bare with the same HTML, by turns: `… inside.pdf ROUNDS LANGUAGE …`.

Prints by language the seconds of processor time of each.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from unittest.mock import patch

from . import answer, ready

ready()

from weasyprint import HTML

from workshops.domain import programme_pdf
from workshops.domain.printing import fetcher
from workshops.domain.release import released_programme


def main(rounds: int, languages: list[str]) -> None:
    answer({language: _runs(rounds, language) for language in languages})


def _runs(rounds: int, language: str) -> dict[str, list[float]]:
    html = _html(language)
    both: dict[str, Callable[[], bytes]] = {"bare": lambda: _bare(html), "ours": lambda: _ours(language)}
    for draw in both.values():
        draw()
    found: dict[str, list[float]] = {name: [] for name in both}
    for _round in range(rounds):
        for name, draw in both.items():
            found[name].append(_seconds(draw))
    return found


def _ours(language: str) -> bytes:
    return programme_pdf.programme_pdf(programme=released_programme(), language=language)


def _bare(html: str) -> bytes:
    """Of the same kind; the fonts are those of the page, from our own addresses."""
    return bytes(HTML(string=html, url_fetcher=fetcher()).write_pdf(pdf_variant="pdf/ua-1"))


def _html(language: str) -> str:
    """What the product hands over to be drawn."""
    handed: list[str] = []

    def keep(*, html: str, **_options: object) -> bytes:
        handed.append(html)
        return b""

    with patch.object(programme_pdf, "printed", keep):
        _ours(language)
    return handed[0]


def _seconds(draw: Callable[[], bytes]) -> float:
    started = time.process_time()
    draw()
    return time.process_time() - started


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
