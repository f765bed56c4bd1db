"""Whether a draft's overview and its workshops' own pages say the same: dates, times, platform, title."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from workshops.domain.checks.draft_clocks import Pair, pairs
from workshops.domain.checks.draft_look import DraftLook, titles_alike
from workshops.domain.checks.draft_words import (
    date_name,
    draft_name,
    line_place,
    overview_place,
    times_text,
)
from workshops.domain.checks.finding import Finding, Place, Severity, in_each_language
from workshops.domain.draft.values import DraftWorkshop, OverviewRow
from workshops.names import fold


def overview_agrees(look: DraftLook) -> Iterator[Finding]:
    """Times whose clocks contradict each other are `clocks-disagree`, and not told again here."""
    announced = set()
    by_workshop: dict[int, list[Pair]] = {}
    for pair in pairs(look):
        by_workshop.setdefault(id(pair.workshop), []).append(pair)
    for row, workshop in look.rows:
        if workshop is None:
            yield _no_page(look, row)
            continue
        announced.add(id(workshop))
        if _differences(look, row, workshop, by_workshop.get(id(workshop), [])):
            yield _disagrees(look, row, workshop, by_workshop.get(id(workshop), []))
    if look.rows:
        yield from (_no_row(w) for w in look.draft.workshops if w.number and id(w) not in announced)


def _differences(look: DraftLook, row: OverviewRow, workshop: DraftWorkshop, days: list[Pair]) -> list[str]:
    """Each in the active language: what the overview has, and what the page has."""
    found = []
    if row.title and workshop.title and not titles_alike(row.title, workshop.title):
        found.append(_difference(gettext("title"), row.title, workshop.title))
    if row.platform and workshop.platform and fold(row.platform) != fold(workshop.platform):
        found.append(_difference(gettext("platform"), row.platform, workshop.platform))
    dates = [pair.date for pair in days]
    if row.dates and dates and set(row.dates) != set(dates):
        found.append(
            _difference(gettext("date"), *(", ".join(map(date_name, d)) for d in (row.dates, dates)))
        )
    for pair in days[:1]:
        if pair.row and not pair.contradict(look.zones) and pair.disagree(look.zones):
            said = (times_text(times, look.zones) for times in (pair.overview, pair.page))
            found.append(_difference(gettext("time"), *said))
    return found


def _difference(what: str, overview: str, page: str) -> str:
    return gettext("%(what)s “%(overview)s” / “%(page)s”") % {
        "what": what,
        "overview": overview,
        "page": page,
    }


def _disagrees(look: DraftLook, row: OverviewRow, workshop: DraftWorkshop, days: list[Pair]) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("The overview and the page of %(workshop)s differ: %(differences)s.")
            % {
                "workshop": draft_name(workshop),
                "differences": "; ".join(_differences(look, row, workshop, days)),
            }
        )
    )
    page = line_place(draft_name(workshop), days[0].page_line if days else workshop.line)
    return _finding(message, overview_place(row, look.zones), page)


def _no_page(look: DraftLook, row: OverviewRow) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("The overview names “%(title)s”, but the draft has no page for it.")
            % {"title": row.title}
        )
    )
    return _finding(message, overview_place(row, look.zones))


def _no_row(workshop: DraftWorkshop) -> Finding:
    message = in_each_language(
        lambda: gettext("%(workshop)s is missing in the overview.") % {"workshop": draft_name(workshop)}
    )
    return _finding(message, line_place(draft_name(workshop), workshop.line))


def _finding(message: dict[str, str], *places: Place) -> Finding:
    return Finding("overview-disagrees", Severity.WARNING, message, places)
