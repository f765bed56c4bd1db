"""The public changelog: what each release of the programme changed, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from conference.public_bytes.views import for_everybody
from workshops.clocks import LegendEntry, legend
from workshops.domain.changelog import Entry, changelog
from workshops.domain.differences import in_words
from workshops.domain.programme import Programme
from workshops.languages import Text
from workshops.views.contexts import Moment, moment
from workshops.views.public import public_page


@dataclass(frozen=True, slots=True)
class Block:
    """What changed in one workshop, or in the conference as a whole; `slug` is empty where there is no page."""

    heading: Text
    slug: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One release as the page shows it; `legend` where the clocks meant something else when it was published."""

    entry: Entry
    released: Moment | None
    legend: tuple[LegendEntry, ...]
    blocks: tuple[Block, ...]


@for_everybody
def changes(request: HttpRequest) -> HttpResponse:
    page = _page_of(request.GET.get("page", ""))
    return public_page(
        request,
        "workshops/changes.html",
        lambda programme: _context(programme, page),
        query=f"page={page}" if page > 1 else "",
    )


def _page_of(asked: str) -> int:
    """Whatever is no number is the first page."""
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 1


def _context(programme: Programme, number: int) -> dict[str, Any]:
    page = changelog(conference_id=programme.conference.id, page=number)
    if not page.entries:
        raise Http404
    slugs = {workshop.id: workshop.slug for workshop in programme.workshops}
    legends = _legends(programme)
    known = legends[0][1] if len(legends) == 1 else ()
    return {
        "page": page,
        "releases": [_shown(entry, slugs, known) for entry in page.entries],
        "legends": legends,
    }


def _legends(programme: Programme) -> list[tuple[dt.date, tuple[LegendEntry, ...]]]:
    """What the clocks mean, with the first date of the programme on which they mean it."""
    found: list[tuple[dt.date, tuple[LegendEntry, ...]]] = []
    for date in programme.dates():
        if not found or found[-1][1] != date.legend:
            found.append((date.date, date.legend))
    return found


def _shown(entry: Entry, slugs: dict[int, str], known: tuple[LegendEntry, ...]) -> Shown:
    meaning = legend(zones=entry.zones, moment=entry.released_at)
    blocks = (
        Block(
            heading=group.heading,
            slug=slugs.get(group.workshop_id or 0, ""),
            sentences=tuple(in_words(difference) for difference in group.items),
        )
        for group in entry.groups
    )
    return Shown(
        entry=entry,
        released=moment(entry.released_at, entry.zones),
        legend=() if meaning == known else meaning,
        blocks=tuple(blocks),
    )
