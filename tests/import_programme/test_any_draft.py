"""Whatever a draft says: importing it twice changes nothing, and taking it back leaves what was there before."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drafts.programmes import programmes, styles
from tests.import_programme.drafts import import_draft, snapshot
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.compare import compare
from workshops.domain.import_programme.undo import undo
from workshops.models import Conference, Organisation, Speaker

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
drafts = styles.flatmap(programmes)


@given(drafts)
@few
def test_a_draft_is_imported_once_and_taken_back_completely(db: None, source: Draft) -> None:
    with transaction.atomic():
        applied = import_draft(source)
        assert applied.refused == []
        assert applied.conference is not None
        assert compare(draft=source, conference=applied.conference) == []
        assert undo(draft_import=applied.draft_import).left == []
        assert (Conference.objects.count(), Organisation.objects.count(), Speaker.objects.count()) == (
            0,
            0,
            0,
        )


@given(styles.flatmap(lambda style: st.tuples(programmes(style), programmes(style))))
@few
def test_a_draft_takes_the_place_of_another_and_gives_it_back(db: None, sources: tuple[Draft, Draft]) -> None:
    with transaction.atomic():
        conference = import_draft(sources[0]).conference
        assert conference is not None
        before = snapshot(conference)
        applied = import_draft(sources[1], conference)
        assert applied.refused == []
        assert [c for c in compare(draft=sources[1], conference=conference) if c.by_default] == []
        undone = undo(draft_import=applied.draft_import)
        assert (undone.left, snapshot(conference)) == ([], before)
        transaction.set_rollback(True)
