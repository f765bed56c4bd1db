"""The table of a run: for the terminal, and for docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence

from .figures import Check, Figures, Row
from .processes import BenchError

BEGINS, ENDS = "<!-- written by make bench -->", "<!-- end of what make bench has written -->"
_HEADING = "| what | to reach | reached | holds |\n|---|---|---|---|"


def markdown(rows: Sequence[Row], environment: Figures) -> str:
    lines = [_HEADING, *(_line(row) for row in rows)]
    return "\n".join([*lines, "", _conditions(environment)])


def _line(row: Row) -> str:
    to_reach = "<br>".join(f"{check.label}: {check.to_reach}" for check in row.checks)
    reached = "<br>".join(_reached(check) for check in row.checks)
    return f"| {row.what} | {to_reach} | {reached} | {'yes' if row.holds else '**no**'} |"


def _reached(check: Check) -> str:
    return check.reached if check.holds else f"**{check.reached}**"


def _conditions(known: Figures) -> str:
    return (
        f"Measured on {known['date']} at {known['commit'] or 'an unknown commit'}: {known['cores']} cores of "
        f"{known['processor'] or 'an unnamed processor'}, Python {known['python']}, Django {known['django']}, "
        f"PostgreSQL {known['postgresql']}, gunicorn {known['gunicorn']} ({known['worker class']}, "
        f"{known['web workers']} processes), {known['connections']} connections, "
        f"{known['registrations']:,} registrations, {known['rounds']} rounds."
    )


def put_into(page: str, text: str) -> str:
    """The page with `text` between its two markers. Raises BenchError where they are missing."""
    before, begins, rest = page.partition(BEGINS)
    _former, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise BenchError("the page has lost the marks between which the table stands")
    return f"{before}{begins}\n{text}\n{ends}{after}"


def plain(rows: Sequence[Row]) -> str:
    """One line for each figure, in columns."""
    lines = [("", "", "to reach", "reached", "")]
    for row in rows:
        for number, check in enumerate(row.checks):
            name = "" if number else row.name
            lines.append((name, check.label, check.to_reach, check.reached, "" if check.holds else "NO"))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
