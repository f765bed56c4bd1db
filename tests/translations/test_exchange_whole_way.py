"""All texts out and back, and a preview on its way through the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.translations.exchange_rows import apply, back, key_of, preview, sent, session, state_of
from workshops.domain.translations.exchange.apply_import import Chosen
from workshops.domain.translations.exchange.packed import pack, unpack
from workshops.domain.translations.exchange.preview import (
    TAKEN,
    Kind,
    preview_import,
)
from workshops.domain.translations.exchange.read_returned import read_returned
from workshops.domain.translations.exchange.sheet import write_sheet
from workshops.domain.translations.exchange.values import Batch, Unit, Which
from workshops.domain.translations.exchange.xliff import write_xliff
from workshops.domain.translations.values import State
from workshops.models import Conference, Session, Workshop

__all__ = ["session"]
WRITERS = {"xliff": write_xliff, "sheet": write_sheet}


# All the way


def translated(unit: Unit) -> Unit:
    """A translation that keeps the markup, and fits."""
    words = unit.source.replace("e", "ë")
    return replace(unit, target=words if words != unit.source else f"{words}.", state=State.TRANSLATED)


@pytest.mark.parametrize("kind", WRITERS)
def test_everything_goes_out_comes_back_translated_and_nothing_is_missing(
    demo: Conference, kind: str
) -> None:
    Session.objects.filter(day__workshop__conference=demo).update(title_tr="", description_tr=None)
    Workshop.objects.filter(conference=demo).update(background_tr="", subtitle_tr="")
    units = sent(demo, Which.MISSING)
    assert len(units) > 40
    batch = Batch(
        name="koprue",
        source_language="de",
        target_language="tr",
        units=tuple(translated(unit) for unit in units.values()),
    )
    returned = read_returned(data=WRITERS[kind](batch))
    found = preview_import(conference=demo, returned=returned)
    assert {(row.kind, row.flags) for row in found.rows} == {(Kind.NEW, ())}
    applied = apply(demo, found)
    assert (len(applied.saved), applied.same, applied.refused) == (len(units), (), ())
    assert sent(demo, Which.OPEN) == {}
    again = preview_import(conference=demo, returned=returned)
    assert {row.kind for row in again.rows} == {Kind.SAME}


def test_confirming_many_reads_the_programme_once(session: Session) -> None:
    conference = session.day.workshop.conference
    sessions = [session, *(factories.make_session(session.day) for _ in range(3))]
    for each in sessions:
        each.title_de, each.title_tr = "Alt", "Eski"
        each.save()
        each.title_de = "Neu"
        each.save()
    units = sent(conference, Which.OPEN)
    rows = [back(units[key_of(each)], "Eski", finished=True) for each in sessions]
    found = preview(conference, *rows)
    assert {row.kind for row in found.rows} == {Kind.CONFIRMED}
    with CaptureQueriesContext(connection) as captured:
        applied = apply(conference, found)
    assert (len(applied.saved), applied.refused) == (4, ())
    assert {state_of(each) for each in sessions} == {State.TRANSLATED}
    read = [query["sql"] for query in captured if 'FROM "workshops_speaker"' in query["sql"]]
    assert len(read) == 2


def test_looking_at_more_texts_costs_no_more_queries(
    session: Session, django_assert_num_queries: Any
) -> None:
    conference = session.day.workshop.conference
    rows = [back(unit, "Metin") for unit in sent(conference).values()]
    with CaptureQueriesContext(connection) as few:
        preview(conference, *rows[:1])
    with django_assert_num_queries(len(few)):
        preview(conference, *rows)


# On its way through the page


def test_a_preview_travels_and_only_its_own_rows_come_back(session: Session) -> None:
    conference = session.day.workshop.conference
    units = sent(conference)
    found = preview(
        conference,
        back(units[key_of(session)], "Açılış"),
        back(units[key_of(session, "description")], "Kahveli"),
    )
    packed = pack(rows=found.of(*TAKEN), owner="1.1")
    expected = Chosen(change=found.rows[1].change)  # type: ignore[arg-type]
    assert unpack(packed=packed, numbers=["1", "x", "99", "-1"], owner="1.1") == [expected]


@pytest.mark.sqlite
@pytest.mark.parametrize(("packed", "owner"), [("", "1.1"), ("x", "1.1"), (None, "2.1"), (None, "1.2")])
def test_somebody_elses_preview_or_a_changed_one_is_refused(packed: str | None, owner: str) -> None:
    from workshops.domain.translations.exchange.errors import ExchangeFileError

    given = pack(rows=[], owner="1.1") if packed is None else packed
    with pytest.raises(ExchangeFileError) as error:
        unpack(packed=given, numbers=[], owner=owner)
    assert str(error.value) == "This preview is too old, or not yours. Please upload the file again."
