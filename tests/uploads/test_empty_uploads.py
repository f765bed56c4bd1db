"""What was read of a draft goes with what is known about the conference's people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from registration.domain.retention import purge_expired
from registration.tasks import erase_expired_data
from tests import factories
from workshops.domain.import_programme.errors import ImportRefusedError
from workshops.domain.import_programme.undo import undo
from workshops.models import Conference, DraftImport

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2020, 9, 17, 12, tzinfo=dt.UTC)


def upload(
    conference: Conference | None, *, days: int, before: dt.datetime = NOW, **values: Any
) -> DraftImport:
    held = {
        "file": None,
        "draft": {"lines": ["Ada"]},
        "report": {"done": ["Ada"]},
        "before": {"rows": ["Ada"]},
    }
    row = factories.make_draft_import(conference, **{**held, "status": "read", **values})
    DraftImport.objects.filter(pk=row.pk).update(created_at=before - dt.timedelta(days=days))
    return row


def full() -> set[DraftImport]:
    return {row for row in DraftImport.objects.all() if row.draft or row.report or row.before}


@pytest.fixture
def past(db: None) -> Conference:
    return factories.make_conference(
        starts_on=dt.date(2020, 6, 15), ends_on=dt.date(2020, 6, 18), retention_days=90
    )


def test_uploads_are_emptied_when_the_conference_s_time_has_come(past: Conference) -> None:
    applied = upload(past, days=100, status="applied", applied_at=NOW)
    upload(past, days=100)
    new = upload(past, days=80)
    elsewhere = upload(factories.make_conference(is_current=False), days=100)
    [would_go] = purge_expired(at=NOW, dry_run=True)
    assert len(full()) == 4
    [purged] = purge_expired(at=NOW, dry_run=False)
    assert (would_go.rows, dict(purged.rows)) == (purged.rows, {"workshops_draftimport": 2})
    assert full() == {new, elsewhere}
    with pytest.raises(ImportRefusedError, match="cannot be undone any more"):
        undo(draft_import=applied)


def test_uploads_without_a_conference_are_emptied_after_30_days() -> None:
    now = timezone.now()
    upload(None, days=31, before=now, status="undone", applied_at=now)
    new = upload(None, days=29, before=now)
    erase_expired_data()
    assert full() == {new}


def test_what_waits_to_be_read_is_left_to_its_reader(past: Conference) -> None:
    row = upload(past, days=100, status="waiting", file=b"Ada")
    purge_expired(at=NOW, dry_run=False)
    assert full() == {row}
