"""Texts of a small programme as they come back from an office."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests import factories
from workshops.domain.translations.exchange.apply_import import Applied, Chosen, apply_import
from workshops.domain.translations.exchange.collect_units import collect_units
from workshops.domain.translations.exchange.preview import Kind, Preview, PreviewRow, preview_import
from workshops.domain.translations.exchange.values import Returned, ReturnedRow, Unit, Which
from workshops.domain.translations.read import entries
from workshops.domain.translations.values import State
from workshops.models import Conference, Session


@pytest.fixture
def session(conference: Conference) -> Session:
    """Its title is German only, its description in both languages."""
    day = factories.make_day(factories.make_workshop(conference, with_day=False, title_de="Wasser"))
    return factories.make_session(
        day,
        title_de="Begrüßung",
        title_tr="",
        title_en="",
        description_de="Mit **Kaffee** und [Plan](https://a.example/)",
        description_tr="**Kahve** ve [plan](https://a.example/)",
    )


def key_of(session: Session, field: str = "title") -> str:
    return f"workshops.session.{session.pk}.{field}"


def sent(conference: Conference, which: Which = Which.ALL, target: str = "tr") -> dict[str, Unit]:
    units = collect_units(
        entries=entries(conference=conference), source_language="de", target_language=target, which=which
    )
    return {unit.key: unit for unit in units}


def back(unit: Unit, target: str, **values: Any) -> ReturnedRow:
    """The unit as it comes back translated."""
    row = ReturnedRow(
        place=1,
        key=unit.key,
        source=unit.source,
        target=target,
        source_digest=unit.source_digest,
        target_digest=unit.target_digest,
        language="tr",
    )
    return replace(row, **values)


def preview(conference: Conference, *rows: ReturnedRow, workshops: Any = None) -> Preview:
    returned = Returned(source_language="de", target_language="tr", rows=rows)
    return preview_import(conference=conference, returned=returned, workshops=workshops)


def only(found: Preview) -> PreviewRow:
    (row,) = found.rows
    return row


def apply(conference: Conference, found: Preview, workshops: Any = None) -> Applied:
    chosen = [
        Chosen(change=row.change, is_confirmed=row.kind is Kind.CONFIRMED) for row in found.rows if row.change
    ]
    by = factories.make_organiser(is_superuser=True)
    return apply_import(conference=conference, chosen=chosen, by=by, workshops=workshops)


def state_of(session: Session, field: str = "title") -> State:
    conference = session.day.workshop.conference
    return {entry.key: entry for entry in entries(conference=conference)}[key_of(session, field)].state["tr"]
