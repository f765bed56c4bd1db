"""The real draft over the demo conference, which was written after it and translated."""

from __future__ import annotations

import pytest

from tests.import_programme.drafts import (
    draft,
    import_draft,
    rows,
    snapshot,
)
from workshops.domain.import_programme.apply import apply
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.undo import undo
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


def test_the_demo_differs_only_where_its_texts_were_written_anew(demo: Conference) -> None:
    found = compare(draft=draft(), conference=demo)
    meant = [change for change in found if change.by_default]
    assert {(c.kind, c.field) for c in meant} == {
        ("changed", f"{name}_de")
        for name in ("description", "background", "goals", "format", "guiding_questions", "results", "title")
    }
    assert len(meant) == 19
    assert rows([change for change in found if not change.by_default]) == [
        ("removed", "appearance", "zero360", "", None),
        ("removed", "appearance", "zero360", "", None),
        ("removed", "workshop", "Informationsveranstaltung", "", None),
        ("removed", "workshop", "Oberbürgermeister/innen-Roundtable", "", None),
    ]


def test_importing_over_the_demo_keeps_every_translation(demo: Conference) -> None:
    def translations(data: object) -> object:
        if isinstance(data, dict):
            return {key: translations(value) for key, value in data.items() if key != "de"}
        return [translations(value) for value in data] if isinstance(data, list) else data

    before = translations(snapshot(demo))
    assert len(import_draft(draft(), demo).done) == 19
    assert translations(snapshot(demo)) == before


def test_the_import_over_the_demo_can_be_taken_back(demo: Conference) -> None:
    before = snapshot(demo)
    changes = compare(draft=draft(), conference=demo)
    everything = apply(conference=demo, draft=draft(), picked={change.key for change in changes})
    assert (everything.refused, Workshop.objects.count()) == ([], 4)
    assert undo(draft_import=everything.draft_import).left == []
    assert snapshot(demo) == before


def test_the_same_draft_again_brings_nothing_up(demo: Conference) -> None:
    """Also not what is only spelt differently here, which the first import had left alone."""
    left = [row for row in rows(compare(draft=draft(), conference=demo)) if row[0] == "removed"]
    import_draft(draft(), demo)
    demo.refresh_from_db()
    assert rows(compare(draft=draft(), conference=demo)) == left
