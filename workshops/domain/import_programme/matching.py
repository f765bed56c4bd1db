"""Which row each wanted thing is already, so that a renamed or moved one keeps its identity and its translations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from django.db.models import Model

from workshops.domain.import_programme.guesses import names_of, plain
from workshops.domain.import_programme.likeness import likeness
from workshops.domain.import_programme.matching_sessions import match_sessions
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.said import Said
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.languages import text_of
from workshops.models import Organisation, Speaker, Workshop, WorkshopDay

_ROW = TypeVar("_ROW", bound=Model)
_SAME_TITLE = 0.6
_SAME_NAME = 0.88
_FEW_DAYS = 5


def match(*, wanted: WantedProgramme, rows: Rows, said: Said) -> None:
    """Sets `row` on everything wanted that there is already; a row is taken once at most."""
    wanted.conference.row = rows.conference
    _pair(wanted.platforms, rows.platforms, lambda item, row: plain(item.words) == plain(row.name))
    _match_organisations(wanted.organisations, list(rows.organisations.values()))
    _match_speakers(wanted.speakers, list(rows.speakers.values()))
    _match_workshops(wanted.workshops, rows.workshops)
    for workshop in wanted.workshops:
        if workshop.row is not None:
            _match_days(workshop, rows.days.get(workshop.row.pk, []), rows, wanted.language)
    match_sessions(wanted=wanted, rows=rows, said=said)


def free(rows: Sequence[_ROW], items: Sequence[Wanted]) -> list[_ROW]:
    """The rows that none of `items` is."""
    taken = {item.row.pk for item in items if item.row is not None}
    return [row for row in rows if row.pk not in taken]


def _pair(items: Sequence[Wanted], rows: Sequence[_ROW], is_same: Callable[[Wanted, _ROW], bool]) -> None:
    left = free(rows, items)
    for item in items:
        if item.row is None and (row := next((row for row in left if is_same(item, row)), None)) is not None:
            item.row = row
            left.remove(row)


# People and organisations


def _match_organisations(items: Sequence[Wanted], rows: Sequence[Organisation]) -> None:
    _pair(items, rows, lambda item, row: plain(item.words) in _full_names(row))
    _pair(items, rows, lambda item, row: bool(_names(item) & _row_names(row)))


def _full_names(row: Organisation) -> set[str]:
    return {plain(name) for name in text_of(row, "name").values() if name}


def _row_names(row: Organisation) -> set[str]:
    """All names of it; what stands in brackets is one of them too: "Stadt Şanlıurfa (Urfa)"."""
    names = [name for name in text_of(row, "name").values() if name]
    return set().union(*(names_of(name, row.short_name) for name in names)) if names else set()


def _names(item: Wanted) -> set[str]:
    return names_of(item.words, item.values.get("short_name", ""))


def _match_speakers(items: Sequence[Wanted], rows: Sequence[Speaker]) -> None:
    _pair(items, rows, lambda item, row: plain(item.words) == _person(row) and _same_organisation(item, row))
    _pair(items, rows, lambda item, row: plain(item.words) == _person(row))
    _pair(items, rows, _is_misspelt)


def _person(row: Speaker) -> str:
    return plain(f"{row.first_name} {row.last_name}")


def _same_organisation(item: Wanted, row: Speaker) -> bool:
    organisation = item.links.get("organisation")
    there = organisation.row.pk if organisation is not None and organisation.row is not None else None
    return there == row.organisation_id


def _is_misspelt(item: Wanted, row: Speaker) -> bool:
    """A letter or two apart and from the same organisation: the name was put right, it is not another person."""
    return (
        row.organisation_id is not None
        and _same_organisation(item, row)
        and likeness(plain(item.words), _person(row)) >= _SAME_NAME
    )


# Workshops and days


def _match_workshops(items: Sequence[Wanted], rows: Sequence[Workshop]) -> None:
    """By the same title first: where a workshop was put in between, the others keep their people and change number."""
    _pair(items, rows, lambda item, row: _title(item) in _row_titles(row) or _slug(item) == row.slug)
    _pair(
        items, rows, lambda item, row: item.values.get("number") is not None and _number(item) == row.number
    )
    _pair(items, rows, _is_like)


def _is_like(item: Wanted, row: Workshop) -> bool:
    alike = max((likeness(_title(item), title) for title in _row_titles(row)), default=0.0)
    return item.guesses["kind"] == row.kind and alike >= _SAME_TITLE


def _title(item: Wanted) -> str:
    return next((plain(value) for name, value in item.values.items() if name.startswith("title_")), "")


def _slug(item: Wanted) -> str:
    return str(item.guesses["slug"])


def _number(item: Wanted) -> int | None:
    return item.values.get("number")


def _row_titles(row: Workshop) -> set[str]:
    return {plain(title) for title in text_of(row, "title").values() if title}


def _match_days(workshop: Wanted, rows: Sequence[WorkshopDay], shown: Rows, language: str) -> None:
    """By date and the rest in their order, unless the agendas say that days moved, or changed places."""
    items = workshop.below
    by_date = {item: row for item in items for row in rows if row.date == item.values["date"]}
    by_agenda = max(_assignments(items, rows), key=lambda pairs: _shared(pairs, shown, language), default={})
    better = _shared(by_agenda, shown, language) > _shared(by_date, shown, language)
    for item, row in (by_agenda if better else by_date).items():
        item.row = row
    _pair(items, rows, lambda _item, _row: True)


def _assignments(items: Sequence[Wanted], rows: Sequence[WorkshopDay]) -> Iterator[dict[Wanted, WorkshopDay]]:
    """Every way to pair as many days, of a few; of many, only in their order."""
    if len(items) == len(rows):
        orders = itertools.permutations(rows) if len(rows) <= _FEW_DAYS else [tuple(rows)]
        yield from (dict(zip(items, order, strict=True)) for order in orders)


def _shared(pairs: dict[Wanted, WorkshopDay], rows: Rows, language: str) -> int:
    """How many sessions of paired days bear the same title."""
    return sum(
        len(
            {plain(item.words) for item in day.walk()}
            & {plain(text_of(session, "title")[language]) for session in rows.sessions_of(row)}
        )
        for day, row in pairs.items()
    )
