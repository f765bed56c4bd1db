"""The picture in docs/performance.md: how many times over each limit is kept, as bars. Read in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from .figures import Check, Row

_LINE, _TOP, _LEFT, _WIDTH, _RIGHT = 22, 40, 330, 340, 130
# As many times over as the picture is wide; longer bars end there with an arrow.
_MOST = 3.0
_STYLE = """
  text { font: 13px sans-serif; fill: #1f2328 }
  .small { fill: #59636e; font-size: 12px }
  .holds { fill: #1a7f37 }
  .fails { fill: #d1242f }
  .limit { stroke: #1f2328; stroke-width: 2; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #b1bac4 }
    .holds { fill: #3fb950 }
    .fails { fill: #f85149 }
    .limit { stroke: #f0f6fc }
  }
"""


def picture(rows: Sequence[Row]) -> str:
    bars = [(row, check) for row in rows for check in row.checks]
    height = _TOP + _LINE * len(bars) + 12
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" '
        'aria-labelledby="title description">',
        '<title id="title">How many times over each limit is kept</title>',
        f'<desc id="description">{escape(description(rows))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="small" x="{_at(1)}" y="18" text-anchor="middle">to reach</text>',
        *(part for number, bar in enumerate(bars) for part in _bar(number, *bar)),
        f'<line class="limit" x1="{_at(1)}" x2="{_at(1)}" y1="{_TOP - 16}" y2="{height - 8}"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def description(rows: Sequence[Row]) -> str:
    """What the picture shows, in words."""
    return " ".join(
        f"{row.name}, {check.label}: {check.reached}, {'holds' if check.holds else 'does not hold'}."
        for row in rows
        for check in row.checks
    )


def _at(score: float) -> int:
    return _LEFT + round(_WIDTH * min(score, _MOST) / _MOST)


def _bar(number: int, row: Row, check: Check) -> list[str]:
    y, kind = _TOP + number * _LINE, "holds" if check.holds else "fails"
    mark = "✓" if check.holds else "✗"
    more = " →" if check.score > _MOST else ""
    return [
        f'<text x="{_LEFT - 10}" y="{y + 13}" text-anchor="end">{escape(_name(row, check))}</text>',
        f'<rect class="{kind}" x="{_LEFT}" y="{y + 2}" width="{max(2, _at(check.score) - _LEFT)}" height="14"/>',
        f'<text x="{_at(check.score) + 8}" y="{y + 13}">{mark} {escape(check.reached)}{more}</text>',
    ]


def _name(row: Row, check: Check) -> str:
    name = f"{row.name}: {check.label}"
    return name if len(name) <= 50 else f"{name[:49]}…"
