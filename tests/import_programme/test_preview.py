"""The preview shows the programme as it would be, and leaves everything as it is."""

from __future__ import annotations

import pytest

from tests.import_programme.drafts import TEXT, agenda, draft, import_draft, programme, rows, snapshot
from tests.import_programme.test_differences import ANTALYA, FIRST_LATER, FIRST_WHEN
from workshops.domain.import_programme.preview import preview
from workshops.domain.import_programme.undo import undo
from workshops.models import Conference, Workshop

pytestmark = pytest.mark.django_db


def test_it_shows_what_applying_then_gives(conference: Conference) -> None:
    changed = draft((FIRST_WHEN, FIRST_LATER), (ANTALYA, "Ayşe Işık, Stadt Antalya"))
    before = snapshot(conference)
    seen = preview(draft=changed, conference=conference)
    assert snapshot(conference) == before
    assert seen.programme is not None
    applied = import_draft(changed, conference)
    assert rows(applied.done) == rows([change for change in seen.changes if change.by_default])
    assert agenda(programme(conference), 1) == agenda(seen.programme, 1)
    undo(draft_import=applied.draft_import)


def test_what_cannot_be_kept_is_an_error_in_three_languages(conference: Conference) -> None:
    Workshop.objects.filter(number=1).update(taken_active=25)
    fewer = draft(text=TEXT.replace("bis zu 30 Personen", "bis zu 20 Personen", 1))
    [error] = [f for f in preview(draft=fewer, conference=conference).findings if f.severity == "error"]
    assert (error.code, [place.line for place in error.places]) == ("cannot-be-kept", [94])
    assert set(error.message) == {"de", "tr", "en"}
    assert error.message["en"] == "Digitale Stadt (1): More active places are taken than this limit allows."
